"""What may stay in a PDF: a short list for the catalog, for annotations and for actions. All else goes."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream, String

CATALOG_KEYS = frozenset(
    {"/Type", "/Pages", "/Version", "/Lang", "/PageLabels", "/PageLayout", "/ViewerPreferences", "/Dests", "/Names",
     "/OCProperties", "/OutputIntents"}
)  # fmt: skip
NAME_TREES = frozenset({"/Dests"})
ANNOTATIONS = frozenset(
    {"/Link", "/Text", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight", "/Underline",
     "/Squiggly", "/StrikeOut", "/Stamp", "/Caret", "/Ink"}
)  # fmt: skip
ACTION_KEYS = {"/GoTo": frozenset({"/Type", "/S", "/D"}), "/URI": frozenset({"/Type", "/S", "/URI"})}
URI_SCHEMES = ("http://", "https://", "mailto:")
DROPPED_KEYS = frozenset(
    {"/AA", "/AF", "/JS", "/OpenAction", "/XFA", "/EmbeddedFiles", "/EF", "/RichMediaContent", "/RichMediaSettings",
     "/Renditions", "/StructParent", "/StructParents", "/StructTreeRoot", "/PieceInfo", "/Metadata", "/OPI", "/Popup"}
)  # fmt: skip
DROPPED_PAGE_KEYS = frozenset({"/B", "/Thumb", "/Trans", "/PresSteps", "/SeparationInfo"})
EXTERNAL_STREAM_KEYS = ("/F", "/FFilter", "/FDecodeParms", "/Ref")
REFUSED_ACTIONS = {"/JavaScript": "scripts", "/Launch": "launch"}
NAME_MAPS = frozenset(
    {"/Font", "/XObject", "/ColorSpace", "/ExtGState", "/Pattern", "/Shading", "/Properties", "/CharProcs", "/Dests"}
)
"""Below these, keys are names that the author chose (a font called /AA is a font): nothing is dropped by its name."""


def dictionaries(pdf: pikepdf.Pdf) -> Iterator[tuple[Object, bool]]:
    """Every dictionary and stream of the file, direct ones inside others too, and whether it is a map of names."""
    named = _indirect_name_maps(pdf)
    for top in pdf.objects:
        waiting = [(top, getattr(top, "objgen", (0, 0)) in named)]
        while waiting:
            current, is_map = waiting.pop()
            if isinstance(current, Dictionary | Stream):
                yield current, is_map
                waiting.extend((value, key in NAME_MAPS) for key, value in current.items() if _is_inside(value))
            elif isinstance(current, Array):
                waiting.extend((value, False) for value in current if _is_inside(value))


def _is_inside(value: object) -> bool:
    return isinstance(value, Dictionary | Array) and not value.is_indirect


def _indirect_name_maps(pdf: pikepdf.Pdf) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for top in pdf.objects:
        waiting = [top]
        while waiting:
            current = waiting.pop()
            if isinstance(current, Dictionary | Stream):
                for key, value in current.items():
                    if key in NAME_MAPS and isinstance(value, Dictionary) and value.is_indirect:
                        found.add(value.objgen)
                    elif _is_inside(value):
                        waiting.append(value)
            elif isinstance(current, Array):
                waiting.extend(value for value in current if _is_inside(value))
    return found


def refusal_of(dictionary: Object) -> str:
    """The code of a refusal when this dictionary holds a program or starts one, else nothing."""
    if isinstance(dictionary.get("/JS"), String | Stream):
        return "scripts"
    action = dictionary.get("/S")
    return REFUSED_ACTIONS.get(str(action), "") if isinstance(action, Name) else ""


def keep_allowed(pdf: pikepdf.Pdf) -> None:
    """Apply the lists to the catalog, to the pages and their annotations, then to every object."""
    _keep_only(pdf.Root, CATALOG_KEYS)
    if isinstance(names := pdf.Root.get("/Names"), Dictionary):
        _keep_only(names, NAME_TREES)
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    for page in pdf.pages:
        _keep_annotations(page.obj)
        _scrub(page.obj, DROPPED_KEYS | DROPPED_PAGE_KEYS)
    for dictionary, is_map in dictionaries(pdf):
        if not is_map:
            _scrub(dictionary, DROPPED_KEYS)


def _keep_only(dictionary: Object, keys: frozenset[str]) -> None:
    _drop(dictionary, [key for key, _value in dictionary.items() if key not in keys])


def _drop(dictionary: Object, keys: list[str]) -> None:
    for key in keys:
        del dictionary[key]


def _keep_annotations(page: Object) -> None:
    found = page.get("/Annots")
    if found is None:
        return
    kept = [
        annotation
        for annotation in (found if isinstance(found, Array) else ())
        if isinstance(annotation, Dictionary) and str(annotation.get("/Subtype")) in ANNOTATIONS
    ]
    for annotation in kept:
        _scrub(annotation, DROPPED_KEYS)
    if kept:
        page["/Annots"] = Array(kept)
    else:
        del page["/Annots"]


def _scrub(dictionary: Object, dropped: frozenset[str]) -> None:
    _drop(dictionary, [key for key in dropped if key in dictionary])
    if isinstance(dictionary, Stream):
        _drop(dictionary, [key for key in EXTERNAL_STREAM_KEYS if key in dictionary])
    action = dictionary.get("/A")
    if isinstance(action, Dictionary) and "/S" in action:
        if is_allowed(action):
            _keep_only(action, ACTION_KEYS[str(action["/S"])])
        else:
            del dictionary["/A"]


def is_allowed(action: Object) -> bool:
    """A jump inside the document, or a link to a web page or a mail address."""
    kind = str(action.get("/S"))
    if kind == "/URI":
        return str(action.get("/URI", "")).strip().lower().startswith(URI_SCHEMES)
    return kind == "/GoTo"


def leftovers(pdf: pikepdf.Pdf) -> list[str]:
    """Names of what should be gone and is not. Empty for a clean file."""
    found = [key for key, _value in pdf.Root.items() if key not in CATALOG_KEYS]
    for dictionary, is_map in dictionaries(pdf):
        if refusal_of(dictionary):
            found.append("/S")
        if is_map:
            continue
        found.extend(sorted(key for key in DROPPED_KEYS if key in dictionary))
        action = dictionary.get("/A")
        if isinstance(action, Dictionary) and "/S" in action and not is_allowed(action):
            found.append("/A")
    return found
