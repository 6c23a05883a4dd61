"""Pure: figures and names as pages show them."""

from zlib import crc32

TONES = ("", "b", "c", "d", "e")
QUARTER_OFFSETS = {"winter": "24", "spring": "-1", "summer": "74", "fall": "49"}


def hours(minutes: object) -> str:
    """Whole minutes as "3 h 30 min", "45 min" or "24 h"; no number gives an empty text."""
    if isinstance(minutes, bool) or not isinstance(minutes, int):
        return ""
    sign = "−" if minutes < 0 else ""
    whole, rest = divmod(abs(minutes), 60)
    parts = [f"{whole:,} h"] if whole else []
    if rest or not whole:
        parts.append(f"{rest} min")
    return sign + " ".join(parts)


def percent(part: object, whole: object) -> str:
    """`part` of `whole` as "77.1", clamped to 0..100. A whole of nothing is complete."""
    if not isinstance(part, (int, float)) or not isinstance(whole, (int, float)):
        return "0.0"
    if whole <= 0:
        return "100.0"
    return f"{min(100.0, max(0.0, 100 * part / whole)):.1f}"


def initials(name: str) -> str:
    words = [word for word in name.replace("-", " ").split() if word[:1].isalpha()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def tone(identity: str) -> str:
    return TONES[crc32(identity.encode()) % len(TONES)]
