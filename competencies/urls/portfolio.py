"""A member's own portfolio. The gap report and the matrix stand in applications, which knows more."""

from django.urls import URLPattern, URLResolver, path, register_converter

from competencies.enums import EntryKind
from competencies.views import evidence, library, log_import, own_data, portfolio, portfolio_entry, rows

app_name = "portfolio"


class EntryKindConverter:
    """A kind of entry in an address; any other word is no address of ours."""

    regex = "|".join(EntryKind.values)

    def to_python(self, value: str) -> EntryKind:
        return EntryKind(value)

    def to_url(self, value: str) -> str:
        return EntryKind(value).value


register_converter(EntryKindConverter, "entry_kind")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", portfolio.overview, name="overview"),
    path("library/", library.course_list, name="library"),
    path("library/<uuid:uuid>/", library.attend, name="attend"),
    path("evidence/", evidence.file_list, name="files"),
    path("evidence/<uuid:uuid>/preview/", evidence.preview, name="evidence_preview"),
    path("evidence/<uuid:uuid>/", evidence.download, name="evidence"),
    path("evidence/<uuid:uuid>/withdraw/", evidence.withdraw, name="evidence_withdraw"),
    path("import/", log_import.index, name="imports"),
    path("import/sample/<entry_kind:kind>/<slug:file_type>/", log_import.sample, name="import_sample"),
    path("import/<uuid:uuid>/", log_import.import_page, name="import"),
    path("import/<uuid:uuid>/columns/", log_import.columns, name="import_columns"),
    path("import/<uuid:uuid>/confirm/", log_import.confirm, name="import_confirm"),
    path("import/<uuid:uuid>/progress/", log_import.progress, name="import_progress"),
    path("import/<uuid:uuid>/undo/", log_import.undo, name="import_undo"),
    path("import/<uuid:uuid>/put-aside/", log_import.put_aside, name="import_put_aside"),
    path("your-data/", own_data.page, name="own_data"),
    path("your-data/make/", own_data.make, name="own_data_make"),
    path("your-data/bring/", own_data.bring, name="own_data_bring"),
    path("your-data/<uuid:uuid>/progress/", own_data.progress, name="own_data_progress"),
    path("your-data/<uuid:uuid>/file/", own_data.download, name="own_data_file"),
    path("supervision/ask/<uuid:uuid>/", portfolio.ask_provider, name="ask_provider"),
    path("supervision/repeat/", portfolio.repeat_session, name="repeat"),
    path("<entry_kind:kind>/", portfolio.entry_list, name="list"),
    path("<entry_kind:kind>/add/", portfolio_entry.add, name="add"),
    path("<entry_kind:kind>/<uuid:uuid>/", portfolio_entry.edit, name="edit"),
    path("<entry_kind:kind>/<uuid:uuid>/row/", rows.row, name="row"),
    path("<entry_kind:kind>/<uuid:uuid>/withdraw/", portfolio_entry.withdraw, name="withdraw"),
    path("<entry_kind:kind>/<uuid:uuid>/restore/", portfolio_entry.restore, name="restore"),
    path("<entry_kind:kind>/<uuid:uuid>/evidence/", evidence.add, name="evidence_add"),
]
