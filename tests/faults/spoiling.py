"""Forms as a person would fill them in, and the ways in which they are spoilt; and as a browser would send them."""

import io
import json
from collections.abc import Iterator, Sequence
from secrets import token_urlsafe
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

TOKENS = ("csrf_token", "form_token", "seen", "shown")
"""What a form carries besides what is typed. They are spoilt as well, but less often."""

NASTY = tuple(
    word if isinstance(word, bytes) else word.encode("utf-8", "surrogatepass")
    for word in (
        *("", " ", "\x00", "a\x00b", "\ud800", "a\udfff", b"\xff\xfe", b"\xc0\x80", "\u202eevil", "İıſK", "\r\nX: y"),
        *("0", "-1", "1e309", "NaN", "-0", "٣", "²", "9" * 19, "9" * 400, "0x10", "1.5", "null", "[]", "{}", "true"),
        *("0000", "0001", "9999", "10000", "2026-02-30", "2026-13-01T99:99", "31/12/2026", "24:00", "99:99", "29"),
        *("'\"--;", "{{7*7}}", "<script>alert(1)</script>", "../../etc/passwd", "%s%n", "//evil.test", "NB-0000000-0"),
        *("x" * 20_000, "é" * 70_000, "\n" * 5_000, "a " * 9_000, "referral", "__proto__", "1", "2", "on", "other"),
    )
)
"""What is put in the place of what a person would write."""


def fields_of(text: str, path: str) -> Iterator[tuple[str, bytes]]:
    """The fields of the forms of a page that are sent to its own address, with what a person might write."""
    for form in LexborHTMLParser(text).css("form"):
        action = form.attributes.get("action") or path
        if form.attributes.get("method", "").lower() == "post" and action.split("?")[0] in (path, ""):
            for box in form.css("input, select, textarea"):
                name = box.attributes.get("name")
                if name and name not in TOKENS[:2]:
                    yield name, usual(box)


def usual(box: LexborNode) -> bytes:
    """What a person might write in a field."""
    marks = box.attributes
    if box.tag == "select":
        chosen = [option.attributes.get("value") or "" for option in box.css("option")]
        return (chosen[-1] if chosen else "").encode()
    if value := marks.get("value"):
        return value.encode()
    name = marks.get("name") or ""
    for ending, said in {"-day": b"3", "-month": b"3", "-year": b"2026", "-hour": b"9", "-minute": b"5"}.items():
        if name.endswith(ending):
            return said
    return b"Some words about it."


def spoilt(fields: Sequence[tuple[str, bytes]]) -> st.SearchStrategy[list[tuple[str, bytes, str]]]:
    """The fields, spoilt in a few places: a name, a value, and what was done (`file`: it is sent as one)."""
    values = st.sampled_from(NASTY) | st.binary(max_size=40) | st.text(max_size=40).map(str.encode)
    deeds = st.sampled_from(["value"] * 5 + ["missing", "repeated", "list", "file", "renamed"])
    spoil = st.tuples(st.integers(0, max(0, len(fields) - 1)), deeds, values)

    def done(spoils: list[tuple[int, str, bytes]]) -> list[tuple[str, bytes, str]]:
        made = [(name, value, "") for name, value in fields]
        for place, deed, value in spoils:
            if place >= len(made):
                continue
            name = made[place][0]
            changed = {
                "value": (name, value, ""),
                "missing": ("", b"", "missing"),
                "list": (f"{name}[]", value, ""),
                "file": (name, value, "file"),
                "renamed": (f"{name}-0-x", value, ""),
            }
            if deed == "repeated":
                made.append((name, value, ""))
            else:
                made[place] = changed[deed]
        return [one for one in made if one[2] != "missing"]

    return st.lists(spoil, min_size=1, max_size=4).map(done)


def encoded(fields: Sequence[tuple[str, bytes, str]], kind: str) -> tuple[bytes, str]:
    """A body with these fields and its content type."""
    if kind == "json":
        return json.dumps({name: value.decode("latin-1") for name, value, _ in fields}).encode(), "application/json"
    if kind == "text":
        return b"".join(name.encode() + b"=" + value + b"\r\n" for name, value, _ in fields), "text/plain"
    if kind == "multipart" or any(deed == "file" for *_, deed in fields):
        mark, out = token_urlsafe(12), io.BytesIO()
        for name, value, deed in fields:
            asked = '; filename="a.pdf"\r\nContent-Type: application/pdf' if deed == "file" else ""
            plain = name.encode("utf-8", "surrogatepass")
            out.write(b'--%b\r\nContent-Disposition: form-data; name="%b"' % (mark.encode(), plain))
            out.write(asked.encode() + b"\r\n\r\n" + value + b"\r\n")
        out.write(b"--" + mark.encode() + b"--\r\n")
        return out.getvalue(), f"multipart/form-data; boundary={mark}"
    pairs = (f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}" for name, value, _ in fields)
    return "&".join(pairs).encode(), "application/x-www-form-urlencoded"
