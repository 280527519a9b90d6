"""What `poa export` and `poa kit` do once their arguments are read; loaded only then, so that `--help` stays quick."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from poa.errors import CheckFailed, InputError
from poa.export.document import document_of, plain_characters, twins_of
from poa.export.form import Answer, answers_of
from poa.export.proof import Proof, prove_folder
from poa.runs import load_draft

if TYPE_CHECKING:
    from poa.export.document import Document, Twin

__all__ = ["export_draft", "make_kit"]

Made = TypeVar("Made")

_FORMATS = ("docx", "pdf", "txt", "html")


def export_draft(
    folder: Path,
    to: str,
    out: Path | None,
    form: bool,
    budget: int | None,
    bilingual: bool,
    anyway: bool,
    as_json: bool,
) -> None:
    """Writes the letter in each format asked for, and tells which files those are."""
    formats = _formats(to) or (() if form else _FORMATS)
    proof = _proved(folder, anyway)
    files: dict[str, bytes] = {}
    document, twins = document_of(proof), twins_of(proof)
    for name in formats:
        files[f"letter.{name}"] = _letter(name, document, proof)
        if bilingual and name != "txt":
            files[f"for-reference.{name}"] = _bilingual(name, document, twins, proof)
        elif bilingual:
            files["for-reference.txt"] = _bilingual_text(twins).encode()
    answers = answers_of(proof, budget) if form else ()
    for n, answer in enumerate(answers, 1):
        files[f"form-{n}-{answer.name}.txt"] = (answer.text + "\n").encode()
    out = out or folder / "export"
    written = _write(out, files)
    for answer in answers:
        typer.echo(_counted(answer), err=True)
    if as_json:
        typer.echo(
            json.dumps(
                {"files": [str(path) for path in written], "form": [_answer_json(a) for a in answers]},
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        for path in written:
            typer.echo(str(path))


def _formats(to: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip().lower() for name in to.split(",") if name.strip()))
    for name in names:
        if name not in _FORMATS:
            raise InputError(f"--to takes {', '.join(_FORMATS)}, not {name}.")
    return names


def _proved(folder: Path, anyway: bool) -> Proof:
    finished = load_draft(folder)
    if not finished.facts_path.is_file():
        raise InputError(
            f"The facts of this draft are not at {finished.facts_path} any more: bring them back, for nothing"
            " is sent that cannot be checked."
        )
    proof = prove_folder(finished)
    if proof.errors and not anyway:
        first = next(found for found in proof.findings if found.severity == "error")
        raise CheckFailed(
            f"The letter in {folder} fails its check and was not exported: {first.message}"
            f" ({proof.errors} in all; see `poa review {folder}`). With --anyway it is exported as it is."
        )
    return proof


def _letter(name: str, document: Document, proof: Proof) -> bytes:
    if name == "txt":
        return plain_characters(document.text).encode()
    if name == "html":
        from poa.export.html import letter_html

        return letter_html(document).encode()
    if name == "docx":
        from poa.export.docx import letter_docx

        return _with_extra(lambda: letter_docx(document, proof.created))
    from poa.export.pdf import letter_pdf

    return _with_extra(lambda: letter_pdf(document, proof.created))


def _bilingual(name: str, document: Document, twins: tuple[Twin, ...], proof: Proof) -> bytes:
    if name == "html":
        from poa.export.html import bilingual_html

        return bilingual_html(document, twins).encode()
    if name == "docx":
        from poa.export.docx import bilingual_docx

        return _with_extra(lambda: bilingual_docx(document, twins, proof.created))
    from poa.export.pdf import bilingual_pdf

    return _with_extra(lambda: bilingual_pdf(document, twins, proof.created))


def _bilingual_text(twins: tuple[Twin, ...]) -> str:
    from poa.export.document import REFERENCE_EN, REFERENCE_ZH

    blocks = [f"{REFERENCE_ZH} {REFERENCE_EN}"]
    blocks += [f"{twin.english}\n{twin.chinese}".strip() for twin in twins]
    return "\n\n".join(blocks) + "\n"


def _with_extra(make: Callable[[], Made]) -> Made:
    try:
        return make()
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.startswith("poa"):
            raise
        raise InputError(
            f"Word, PDF and Excel files need packages that are not installed here (missing: {missing.name})."
            ' Get them with: pip install "poa-draft[export]". txt and html need nothing more.'
        ) from missing


def _write(out: Path, files: dict[str, bytes]) -> list[Path]:
    written = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            path = out / name
            path.write_bytes(content)
            written.append(path)
    except OSError as error:
        raise InputError(
            f"The files cannot be written to {out} ({error.strerror}): name another with -o."
        ) from error
    return written


def _counted(answer: Answer) -> str:
    count = f"{len(answer.text):,}"
    if answer.budget is None:
        return f"  {answer.question} {count} characters."
    over = f": {answer.over:,} too many, shorten it before you paste it" if answer.over else ""
    return f"  {answer.question} {count} of {answer.budget:,} characters{over}."


def _answer_json(answer: Answer) -> dict[str, object]:
    return {
        "name": answer.name,
        "question": answer.question,
        "characters": len(answer.text),
        "budget": answer.budget,
        "over": answer.over,
    }


def make_kit(folder: Path, out: Path | None, anyway: bool, force: bool, as_json: bool) -> None:
    """Gathers the kit in a folder and a zip beside it, and tells what is still missing."""
    import datetime as dt

    from poa.export.kit import kit_of
    from poa.export.review import render_review

    out = out or folder / "kit"
    if out.exists() and not force:
        raise InputError(f"{out} exists already and is left as it is: name another with -o, or use --force.")
    proof = _proved(folder, anyway)
    page = render_review(proof, dt.datetime.now(dt.UTC).date())
    kit = _with_extra(lambda: kit_of(proof, page))
    written = _write_kit(out, kit.files, proof.created)
    if as_json:
        document = {
            "folder": str(out),
            "zip": str(written),
            "files": sorted(kit.files),
            "open": [{"en": point.en, "zh": point.zh} for point in kit.open],
            "apologies": [apology.order for apology in kit.apologies],
            "submit": proof.sending.way,
            "due": proof.sending.safe.isoformat() if proof.sending.safe else None,
        }
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    typer.echo(str(out))
    typer.echo(str(written))
    typer.echo(f"{len(kit.files)} files; {len(kit.open)} point(s) open, see checklist.html:", err=True)
    for point in kit.open:
        typer.echo(f"  {point.en}\n  {point.zh}", err=True)


def _write_kit(out: Path, files: Mapping[str, bytes], created: datetime) -> Path:
    """Writes the folder and the zip beside it, and returns the zip's path; the same kit gives the same zip."""
    import zipfile

    packed = out.with_name(out.name + ".zip")
    try:
        for name, content in files.items():
            path = out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as box:
            for name, content in sorted(files.items()):
                info = zipfile.ZipInfo(f"{out.name}/{name}", created.timetuple()[:6])
                info.compress_type = zipfile.ZIP_DEFLATED
                box.writestr(info, content)
    except OSError as error:
        raise InputError(
            f"The kit cannot be written to {out} ({error.strerror}): name another folder with -o."
        ) from error
    return packed
