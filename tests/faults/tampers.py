"""What can be done to a bundle, or to the record before it is exported: every way of it has to be refused.

A tamper of the file is made by somebody without keys. A tamper of the record is followed by an honest export, so the
end is signed rightly: there only links, checkpoints and files elsewhere can tell.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO
from random import Random
from typing import Any, NamedTuple

from lado.domain.chain import statement
from lado.domain.witnessed import Signed
from lado.vault import Vault
from tests.faults.records import Exported, Record, a_record, a_vault, edited, exported, files_of, links, written

NUMBERS = ("sequence", "referral_id", "number", "actor_id", "id", "entries", "reads", "checkpoints", "account_id")


class Case(NamedTuple):
    """A good record and its keys, from which a bad bundle is made."""

    draw: Random
    vault: Vault
    record: Record

    @property
    def lines(self) -> list[bytes]:
        """The good bundle."""
        return exported(self.record, self.vault)

    def places(self, kind: str) -> list[int]:
        """Where lines of this format stand."""
        return [at for at, line in enumerate(self.lines) if json.loads(line)["format"] == kind]


def a_case(draw: Random) -> Case:
    """A record that has something of everything, some of it after a checkpoint and some before."""
    while True:
        vault = a_vault(draw)
        record = a_record(draw, vault)
        if len(record.marks) >= 2 and record.marks[0][1] >= 3 and record.marks[0][2] >= 2:
            return Case(draw, vault, record)


def _other(draw: Random, name: str, value: Any) -> Any:
    """Another value of the same form."""
    if name in NUMBERS:
        return (value or 0) + draw.randint(1, 9)
    if name in ("at", "recorded_at", "made_at"):
        return f"{value[:20]}{(int(value[20:26]) + draw.randint(1, 999_998)) % 1_000_000:06}Z"
    if name in ("link", "reads_digest") or (name == "sealed" and value):
        place = draw.randrange(64)
        return value[:place] + f"{(int(value[place], 16) + draw.randint(1, 15)) % 16:x}" + value[place + 1 :]
    if name in ("signature", "public_key"):
        return ("B" if value[0] == "A" else "A") + value[1:]
    if name == "sealed":
        return draw.randbytes(32).hex()
    return value + draw.choice(("x", " ", "é", "0"))


def _edit(kind: str) -> Callable[[Case], Exported]:
    def tamper(case: Case) -> Exported:
        lines = case.lines
        at = case.draw.choice(case.places(kind))
        name = case.draw.choice([name for name in json.loads(lines[at]) if name != "format"])
        lines[at] = edited(lines[at], lambda fields: fields.update({name: _other(case.draw, name, fields[name])}))
        return Exported(lines, files_of(case.draw, case.record))

    return tamper


def _delete(kind: str) -> Callable[[Case], Exported]:
    def tamper(case: Case) -> Exported:
        lines = case.lines
        del lines[case.draw.choice(case.places(kind))]
        return Exported(_recounted(case.draw, lines), files_of(case.draw, case.record))

    return tamper


def _insert(kind: str) -> Callable[[Case], Exported]:
    def tamper(case: Case) -> Exported:
        lines = case.lines
        places = case.places(kind)
        lines.insert(case.draw.choice(places), lines[case.draw.choice(places)])
        return Exported(_recounted(case.draw, lines), files_of(case.draw, case.record))

    return tamper


def _reorder(kind: str) -> Callable[[Case], Exported]:
    def tamper(case: Case) -> Exported:
        lines = case.lines
        one, other = case.draw.sample(case.places(kind), 2)
        lines[one], lines[other] = lines[other], lines[one]
        return Exported(_recounted(case.draw, lines), files_of(case.draw, case.record))

    return tamper


def _recounted(draw: Random, lines: list[bytes]) -> list[bytes]:
    """As a forger would mend it: entries and the header numbered as they now are; or left as it is."""
    if draw.random() < 0.4:
        return lines
    parsed = [json.loads(line) for line in lines]
    entries = [each for each in parsed if each["format"] == "lado-entry-1"]
    for sequence, entry in enumerate(entries, start=1):
        entry["sequence"] = sequence
    for name in ("checkpoint", "read"):
        parsed[0][f"{name}s"] = sum(each["format"] == f"lado-{name}-1" for each in parsed)
    parsed[0]["entries"], parsed[0]["link"] = len(entries), entries[-1]["link"] if entries else "00" * 32
    return [written(fields) for fields in parsed]


def _cut(case: Case) -> Exported:
    """The tail of the entries taken off the file."""
    lines, places = case.lines, case.places("lado-entry-1")
    del lines[places[-case.draw.randint(1, len(places))] : places[-1] + 1]
    return Exported(_recounted(case.draw, lines), files_of(case.draw, case.record))


def _end_early(case: Case) -> Exported:
    """The file breaks off."""
    text = b"".join(case.lines)
    text = text[: case.draw.randrange(len(text))]
    return Exported(list(BytesIO(text)), files_of(case.draw, case.record))


def _form(case: Case) -> Exported:
    """The same said in another way, or something more, or nonsense."""
    lines = case.lines
    at = case.draw.randrange(len(lines))
    fields = json.loads(lines[at])
    name = case.draw.choice(list(fields))
    short = {key: value for key, value in fields.items() if key != name}
    ways: Sequence[bytes] = (
        json.dumps(fields, sort_keys=True).encode() + b"\n",
        lines[at][:-1] + b"\r\n",
        b" " + lines[at],
        b"\xef\xbb\xbf" + lines[at],
        b"\n" + lines[at],
        edited(lines[at], lambda fields: fields.update(more=1)),
        edited(lines[at], lambda fields: fields.update({name: [fields[name]]})),
        edited(lines[at], lambda fields: fields.update({name: case.draw.choice((1.5, True, -1, 2**63, {}, "|\n"))})),
        edited(lines[at], lambda fields: fields.update({name: "\ud800"})),
        json.dumps(short, sort_keys=True, separators=(",", ":")).encode() + b"\n",
        lines[at][:-2] + b',"' + name.encode() + b'":1}\n',
        case.draw.randbytes(20).replace(b"\n", b"") + b"\n",
        b"[" * 5_000 + b"\n",
        b"NaN\n",
        b'"text"\n',
    )
    lines[at] = case.draw.choice(ways)
    return Exported(list(BytesIO(b"".join(lines))), files_of(case.draw, case.record))


def _more(case: Case) -> Exported:
    """Something after the end."""
    lines = case.lines
    return Exported([*lines, case.draw.choice((*lines, b"x", b"\n"))], files_of(case.draw, case.record))


def _rewritten(case: Case) -> Exported:
    """An entry that a checkpoint covers is edited, taken out or put in with the stolen record key, and all relinked."""
    draw, entries = case.draw, list(case.record.entries)
    covered = case.record.marks[-1][1]
    at = draw.randrange(covered)
    way = draw.randrange(3)
    if way == 0:
        entries[at] = entries[at]._replace(data=entries[at].data + " ")
    elif way == 1:
        del entries[at]
    else:
        entries.insert(at, entries[at]._replace(kind="Forged"))
    record = replace(case.record, entries=_renumbered(entries))
    return Exported(exported(record, case.vault), files_of(draw, case.record))


def _renumbered(entries: list[Any]) -> tuple[Any, ...]:
    numbers: dict[int, int] = {}
    found = []
    for sequence, entry in enumerate(entries, start=1):
        numbers[entry.referral_id] = number = numbers.get(entry.referral_id, 0) + 1
        found.append(entry._replace(sequence=sequence, number=number))
    return tuple(found)


def _resigned(case: Case) -> Exported:
    """The record rewritten and every checkpoint signed anew with both stolen keys: only files elsewhere can tell."""
    entries = list(case.record.entries)
    at = case.draw.randrange(case.record.marks[0][1])
    entries[at] = entries[at]._replace(data="{}")
    chain = links(entries, case.vault)
    signed = []
    for (stated, _), (_, count, _) in zip(case.record.signed, case.record.marks, strict=True):
        again = stated._replace(link=chain[count])
        signed.append(Signed(again, case.vault.sign(statement(again))))
    record = replace(case.record, entries=tuple(entries), signed=tuple(signed))
    return Exported(exported(record, case.vault), files_of(case.draw, case.record, fewest=1))


def _restored(case: Case) -> Exported:
    """An older copy was put back and exported; the files know of later checkpoints."""
    cut = case.draw.randrange(len(case.record.marks))
    _, entries, reads = case.record.marks[cut]
    older = replace(
        case.record,
        entries=case.record.entries[:entries],
        reads=case.record.reads[:reads],
        marks=case.record.marks[:cut],
        signed=case.record.signed[:cut],
    )
    files = files_of(case.draw, case.record, fewest=len(case.record.signed))
    return Exported(exported(older, case.vault), files)


def _foreign(case: Case) -> Exported:
    """The whole bundle made anew by somebody with a signing key of their own."""
    forger = a_vault(case.draw)
    record = a_record(case.draw, forger)
    return Exported(exported(record, forger), {})


def _forged(case: Case) -> Exported:
    """A checkpoint or the end signed by another key."""
    lines, forger = case.lines, a_vault(case.draw)
    at = case.draw.choice([*case.places("lado-checkpoint-1"), len(lines) - 1])
    signed = Signed(case.record.signed[0].stated, forger.sign(case.draw.randbytes(9)))
    other = json.loads(_line(signed))["signature"]
    lines[at] = edited(lines[at], lambda fields: fields.update(signature=other))
    return Exported(lines, files_of(case.draw, case.record))


def _line(signed: Signed) -> bytes:
    return next(iter(files_of(Random(0), Record((), (), (), signed.stated.at, (signed,)), fewest=1).values()))


def _read_changed(case: Case) -> Exported:
    """A read that a checkpoint covers is edited or taken out of the database."""
    reads = list(case.record.reads)
    at = case.draw.randrange(case.record.marks[-1][2])
    if case.draw.random() < 0.5:
        reads[at] = reads[at]._replace(account_id=reads[at].account_id + 1)
    else:
        del reads[at]
    return Exported(exported(replace(case.record, reads=tuple(reads)), case.vault), files_of(case.draw, case.record))


def _file(case: Case) -> Exported:
    """A checkpoint file elsewhere was changed or forged."""
    files = files_of(case.draw, case.record, fewest=1)
    name = case.draw.choice(list(files))
    fields = json.loads(files[name])
    key = case.draw.choice([key for key in fields if key != "format"])
    fields[key] = _other(case.draw, key, fields[key])
    files[name] = case.draw.choice((json.dumps(fields).encode(), b"", b"[]", case.lines[-1]))
    return Exported(case.lines, files)


TAMPERS: dict[str, tuple[Callable[[Case], Exported], frozenset[str]]] = {
    "entry edited": (_edit("lado-entry-1"), frozenset({"sequence", "number", "link"})),
    "entry deleted": (_delete("lado-entry-1"), frozenset({"sequence", "number", "link", "cut", "head", "signature"})),
    "entry inserted": (_insert("lado-entry-1"), frozenset({"sequence", "number", "link"})),
    "entries reordered": (_reorder("lado-entry-1"), frozenset({"sequence", "number", "link"})),
    "tail cut": (_cut, frozenset({"cut", "head", "signature"})),
    "file broken off": (_end_early, frozenset({"cut"})),
    "form": (_form, frozenset({"form"})),
    "something after the end": (_more, frozenset({"form"})),
    "record rewritten": (_rewritten, frozenset({"checkpoint", "cut"})),
    "record rewritten and signed anew": (_resigned, frozenset({"checkpoint"})),
    "older copy restored": (_restored, frozenset({"older"})),
    "another's keys": (_foreign, frozenset({"key"})),
    "signature forged": (_forged, frozenset({"signature"})),
    "read changed in the record": (_read_changed, frozenset({"reads"})),
    "read edited": (_edit("lado-read-1"), frozenset({"reads"})),
    "read deleted": (_delete("lado-read-1"), frozenset({"reads", "count"})),
    "read inserted": (_insert("lado-read-1"), frozenset({"reads"})),
    "reads reordered": (_reorder("lado-read-1"), frozenset({"reads"})),
    "header edited": (_edit("lado-bundle-1"), frozenset({"key", "count", "head", "signature", "older"})),
    "checkpoint edited": (_edit("lado-checkpoint-1"), frozenset({"signature", "form"})),
    "checkpoint deleted": (_delete("lado-checkpoint-1"), frozenset({"order", "count", "older", "signature", "reads"})),
    "checkpoint inserted": (_insert("lado-checkpoint-1"), frozenset({"order"})),
    "checkpoints reordered": (_reorder("lado-checkpoint-1"), frozenset({"order"})),
    "end edited": (_edit("lado-bundle-end-1"), frozenset({"reads", "signature", "form"})),
    "file elsewhere changed": (_file, frozenset({"form", "signature"})),
}
"""Every way, and the reasons with which it may be refused."""
