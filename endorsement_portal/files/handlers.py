"""An upload handler that never fills the disk: past the limit it counts, but writes no more."""

from __future__ import annotations

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class CappedUploadHandler(TemporaryFileUploadHandler):
    """The file keeps its true size, so that the message can state it; only its first bytes were kept."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start <= settings.UPLOAD_BYTES_MAX:
            super().receive_data_chunk(raw_data, start)
