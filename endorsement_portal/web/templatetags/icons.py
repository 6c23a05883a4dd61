"""The icon set: shapes kept as files in templates/components/icons, drawn inline so that they take the text's color."""

from functools import cache, lru_cache

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

OF_STATE = {
    "met": "check-circle-fill",
    "waiting": "hourglass-split",
    "short": "circle-half",
    "danger": "exclamation-octagon-fill",
    "progress": "pencil",
    "idle": "circle",
}


class UnknownIcon(LookupError):
    """No file of this name: add it to scripts/icons.txt and run scripts/vendor.py."""


@cache
def shapes(name: str) -> SafeString:
    path = settings.BASE_DIR / "templates" / "components" / "icons" / f"{name}.svg"
    try:
        # Vendored files, compared with their checksums by a test: the one trusted markup that is not a template.
        return SafeString(path.read_text().strip())
    except (OSError, ValueError) as error:
        raise UnknownIcon(name) from error


@lru_cache(maxsize=1024)
def svg(name: str, *, label: str = "", css: str = "") -> SafeString:
    classes = f"icon {css}".strip()
    if label:
        return format_html(
            '<svg class="{}" viewBox="0 0 16 16" role="img" aria-label="{}" focusable="false">{}</svg>',
            classes,
            label,
            shapes(name),
        )
    return format_html(
        '<svg class="{}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>', classes, shapes(name)
    )
