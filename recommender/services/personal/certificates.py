"""A certificate of erasure as people read it, with a hash by which it is known again."""

import hashlib
import json
from dataclasses import asdict
from typing import Any

from recommender.domain.personal import Certificate, ErasureState
from recommender.services.personal import messages as zh


def certificate_document(certificate: Certificate) -> dict[str, Any]:
    """The certificate as JSON, with the sha256 of everything before it."""
    content = {
        **asdict(certificate),
        "at": certificate.at.isoformat(),
        "finished_at": None if certificate.finished_at is None else certificate.finished_at.isoformat(),
        "state": certificate.state.value,
        "lines": [
            {"part": line.part.value, "n": line.n, "n_pending": line.n_pending} for line in certificate.lines
        ],
        "findings": list(certificate.findings),
    }
    return {**content, "sha256": _digest(content)}


def certificate_text(certificate: Certificate) -> str:
    """The same in zh-CN, to be printed."""
    document = certificate_document(certificate)
    lines = [
        zh.CERTIFICATE_TITLE,
        zh.CERTIFICATE_HEAD.format(
            id=certificate.id,
            at=f"{certificate.at:%Y-%m-%d %H:%M}",
            actor=certificate.actor,
            reason=certificate.reason,
            state=certificate.state.value,
        ),
        "",
        zh.CERTIFICATE_LINES,
    ]
    for line in certificate.lines:
        pending = zh.CERTIFICATE_PENDING.format(n=line.n_pending) if line.n_pending else ""
        lines.append(zh.CERTIFICATE_LINE.format(part=line.part.value, n=line.n) + pending)
    lines += ["", zh.CERTIFICATE_CLEAN if not certificate.findings else zh.CERTIFICATE_FOUND]
    lines += [f"  - {finding}" for finding in certificate.findings]
    if certificate.state is ErasureState.PENDING:
        lines.append(zh.CERTIFICATE_NEXT)
    return "\n".join([*lines, "", zh.CERTIFICATE_HASH.format(sha256=document["sha256"])]) + "\n"


def _digest(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
