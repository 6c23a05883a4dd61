"""Pure: how large a PDF stream becomes when unpacked, found out without ever unpacking more than a cap."""

from __future__ import annotations

import base64
import binascii
import re
import zlib

SHORT_NAMES = {"Fl": "FlateDecode", "RL": "RunLengthDecode", "A85": "ASCII85Decode", "AHx": "ASCIIHexDecode"}
PICTURE_CODECS = frozenset({"DCTDecode", "DCT", "JPXDecode", "CCITTFaxDecode", "CCF", "JBIG2Decode"})
"""What comes out of these is pixels: limited by width and height, not here."""
_STEP = 64 * 1024


class TooBig(Exception):
    """More comes out than the cap."""


class Unmeasured(Exception):
    """A filter that this module does not unpack."""


def unpacked_size(raw: bytes, filters: tuple[str, ...], cap: int) -> int:
    """Bytes after all filters (names without their slash), up to the first picture codec.

    Raises TooBig past `cap`, Unmeasured at a filter we do not know. Damaged data ends where it is damaged.
    """
    data = raw
    for name in filters:
        if name in PICTURE_CODECS:
            break
        unpack = _UNPACKERS.get(SHORT_NAMES.get(name, name))
        if unpack is None:
            raise Unmeasured(name)
        data = unpack(data, cap)
    return len(data)


def _flate(data: bytes, cap: int) -> bytes:
    unpacker = zlib.decompressobj()
    out = bytearray()
    waiting = data
    try:
        while waiting and not unpacker.eof:
            out += unpacker.decompress(waiting, _STEP)
            waiting = unpacker.unconsumed_tail
            if len(out) > cap:
                raise TooBig
    except zlib.error:
        pass  # what was unpacked so far counts; the syntax check speaks about the damage
    return bytes(out)


def _run_length(data: bytes, cap: int) -> bytes:
    out = bytearray()
    place = 0
    while place < len(data) and (length := data[place]) != 128:
        if length < 128:
            out += data[place + 1 : place + 2 + length]
            place += length + 2
        else:
            out += data[place + 1 : place + 2] * (257 - length)
            place += 2
        if len(out) > cap:
            raise TooBig
    return bytes(out)


def _ascii_hex(data: bytes, cap: int) -> bytes:
    digits = re.sub(rb"[^0-9A-Fa-f]", b"", data.partition(b">")[0])
    return binascii.unhexlify(digits + b"0" * (len(digits) % 2))


def _ascii_85(data: bytes, cap: int) -> bytes:
    """One letter z stands for four zero bytes, so this one can grow, but at most fourfold."""
    body = re.sub(rb"[^!-uz]", b"", data.removeprefix(b"<~").partition(b"~")[0])
    zeros = body.count(b"z")
    if zeros * 4 + (len(body) - zeros) * 4 // 5 > cap:
        raise TooBig
    try:
        return base64.a85decode(body)
    except ValueError:
        return body


_UNPACKERS = {
    "FlateDecode": _flate,
    "RunLengthDecode": _run_length,
    "ASCIIHexDecode": _ascii_hex,
    "ASCII85Decode": _ascii_85,
}
