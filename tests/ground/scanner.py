"""A scanner that speaks clamd's protocol, and what is sent past it."""

import socket
import threading

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.ground import corpus

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def upload(name="certificate.pdf", data=None):
    return SimpleUploadedFile(name, corpus.pdf() if data is None else data)


class Scanner:
    """clamd as far as INSTREAM goes: reads all chunks, answers one line. Knows EICAR only."""

    def __init__(self, answer=None, path=None):
        self.answer = answer
        if path:
            self.server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.server.bind(path)
            self.server.listen()
            self.address = path
        else:
            self.server = socket.create_server(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{self.server.getsockname()[1]}"
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                connection, _address = self.server.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                data = b""
                while size := int.from_bytes(stream.read(4), "big"):
                    data += stream.read(size)
                found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0"
                connection.sendall(found if self.answer is None else self.answer)

    def close(self):
        self.server.close()
