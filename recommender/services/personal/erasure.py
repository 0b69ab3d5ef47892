"""Use-cases of erasure: take a person out of the database and out of every file, check, and certify."""

import logging
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.errors import InvalidInput, MatchmakerError, NotFound
from recommender.domain.person_identity import PersonIdentity
from recommender.domain.personal import (
    Activity,
    Certificate,
    ErasedLine,
    ErasedPart,
    ErasureState,
    LegalBasis,
)
from recommender.matching.corpus import passage_of
from recommender.services.personal import messages as zh
from recommender.services.personal.consents import expert_or_not_found
from recommender.services.personal.runtime_files import RuntimeFiles
from recommender.services.personal.trail import PersonalTrail
from recommender.store.database import Database
from recommender.store.persons import Hits
from recommender.store.unit_of_work import UnitOfWork

MAX_REASON_CHARS: Final = 500
_LISTED: Final = 200

_log = logging.getLogger(__name__)

Rebuild = Callable[[str], object]
"""Indexes the library anew and publishes; takes who asks for it."""


class ErasureService:
    """Erases experts.

    Args:
        files: what the server keeps outside of the database.
        rebuild: the index.
    """

    def __init__(
        self, database: Database, files: RuntimeFiles, rebuild: Rebuild, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._files = files
        self._rebuild = rebuild
        self._now = now
        self._trail = PersonalTrail(now)

    def erase(self, actor: Actor, person_id: str, reason: str, *, rebuild: bool = True) -> Certificate:
        """Erase an expert: record, bylines, suggestions, everything remembered, vectors, index generations.

        What has to wait is said in the certificate and done by :meth:`finish`.

        Args:
            reason: what it rests on, such as ``本人来信要求``.
            rebuild: index anew at once, so that generations with the person can be deleted; otherwise the one
                that is served waits for the next build.

        Raises:
            Forbidden, InvalidInput, NotFound, Unavailable: see :meth:`begin`.
        """
        return self.finish(actor, self.begin(actor, person_id, reason).id, rebuild=rebuild)

    def begin(self, actor: Actor, person_id: str, reason: str) -> Certificate:
        """Erase an expert from the database, in one transaction: from then on nobody comes across the person.

        Files wait for :meth:`finish`, which the end of a night calls.

        Raises:
            Forbidden: the actor manages no persons.
            InvalidInput: no reason is given.
            NotFound: no expert has that id.
            Unavailable: the keys are missing, by which imports know the person again.
        """
        actor.require(Permission.PERSONS_MANAGE)
        reason = " ".join(reason.split())
        if not reason or len(reason) > MAX_REASON_CHARS:
            raise InvalidInput("personal.erasure_reason", maximum=MAX_REASON_CHARS)
        at = self._now()
        mark = secrets.token_hex(4)
        # First, since it needs the encoder: where that cannot be opened, nothing is half done.
        n_vectors = self._forget_vectors(person_id)
        hits = self._look(person_id)
        with self._database.write() as unit:
            unit.batches.lock()
            expert = expert_or_not_found(unit, person_id)
            ids, records = unit.persons.known_as(expert.id)
            identity = PersonIdentity.of(ids, records)
            counts = unit.persons.scrub(identity, tombstone := f"erased-{mark}", before=at, hits=hits)
            counts[ErasedPart.VECTORS] = n_vectors
            certificate = Certificate(
                id=f"SC-{at:%Y%m%d}-{mark}",
                tombstone=tombstone,
                at=at,
                actor=actor.id,
                reason=identity.scrubbed(reason, tombstone),
                state=ErasureState.PENDING,
                lines=_lines(counts),
            )
            unit.erasures.save(certificate, identity)
            unit.erasures.suppress(certificate.id, identity.ids, identity.people)
            self._note(unit, certificate, "erase")
        return certificate

    def finish(self, actor: Actor, certificate_id: str, *, rebuild: bool = True) -> Certificate:
        """Remove what had to wait, check everything again, and certify.

        Raises:
            Forbidden: the actor manages no persons.
            NotFound: no certificate has that id.
            Unavailable: the keys that tell who it was are missing.
        """
        actor.require(Permission.PERSONS_MANAGE)
        with self._database.read() as unit:
            certificate = unit.erasures.get(certificate_id)
            if certificate is None:
                raise NotFound("personal.certificate_not_found", id=certificate_id)
            identity = unit.erasures.identity(certificate_id)
            hits = {} if identity is None else unit.persons.hits(identity)
            running = [run.id for run in unit.runs.newest(_LISTED) if run.finished_at is None]
        if identity is None:
            return certificate
        counts, pending = Counter({line.part: line.n for line in certificate.lines}), Counter[ErasedPart]()
        with self._database.write() as unit:
            counts.update(unit.persons.scrub(identity, certificate.tombstone, before=certificate.at, hits=hits))
            # Answers kept for those who ask again are sealed, so none can be looked through: all go.
            unit.requests.forget_answers()
        # Workbooks are packed, so nobody can be looked for in them: all go that were sent before.
        self._files.remove_uploads(certificate.at)
        n_nights, pending[ErasedPart.NIGHTS] = self._files.remove_nights(running, certificate.at)
        counts[ErasedPart.NIGHTS] += n_nights
        counts[ErasedPart.GENERATIONS] += self._remove_generations(actor, certificate, rebuild=rebuild)
        compacted = self._compact()
        files = tuple(self._files.holding(identity))
        pending[ErasedPart.GENERATIONS] = self._files.n_generations(files)
        findings = (*self._findings(identity, files), *compacted)
        is_done = not findings and not pending.total()
        certificate = replace(
            certificate,
            state=ErasureState.DONE if is_done else ErasureState.PENDING,
            lines=_lines(counts, pending),
            findings=findings,
            finished_at=self._now() if is_done else None,
        )
        self._save(certificate, None if is_done else identity)
        return certificate

    def finish_all(self, actor: Actor, *, rebuild: bool = False) -> list[Certificate]:
        """Finish every erasure that something was left of, as the end of a night does.

        Raises:
            Forbidden, Unavailable: see :meth:`finish`.
        """
        actor.require(Permission.PERSONS_MANAGE)
        with self._database.read() as unit:
            pending = unit.erasures.pending()
        return [self.finish(actor, certificate.id, rebuild=rebuild) for certificate in pending]

    def certificate(self, actor: Actor, certificate_id: str) -> Certificate:
        """One certificate.

        Raises:
            Forbidden: the actor manages no persons.
            NotFound: there is none.
        """
        actor.require(Permission.PERSONS_MANAGE)
        with self._database.read() as unit:
            found = unit.erasures.get(certificate_id)
        if found is None:
            raise NotFound("personal.certificate_not_found", id=certificate_id)
        return found

    def certificates(self, actor: Actor) -> list[Certificate]:
        """The last certificates, newest first.

        Raises:
            Forbidden: the actor manages no persons.
        """
        actor.require(Permission.PERSONS_MANAGE)
        with self._database.read() as unit:
            return unit.erasures.newest(_LISTED)

    def readmit(self, actor: Actor, certificate_id: str, reason: str) -> Certificate:
        """Let imports bring an erased person, or somebody of the same name and organisation, into the library.

        Raises:
            Forbidden: the actor manages no persons.
            InvalidInput: no reason is given.
            NotFound: no certificate has that id.
        """
        if not reason.strip() or len(reason) > MAX_REASON_CHARS:
            raise InvalidInput("personal.erasure_reason", maximum=MAX_REASON_CHARS)
        certificate = self.certificate(actor, certificate_id)
        with self._database.write() as unit:
            unit.erasures.readmit(certificate_id)
            self._note(unit, replace(certificate, actor=actor.id, reason=reason.strip()), "readmit")
        return certificate

    def _look(self, person_id: str) -> Hits:
        """Where the person may be named. It reads the whole library, while others may still write."""
        with self._database.read() as unit:
            ids, records = unit.persons.known_as(expert_or_not_found(unit, person_id).id)
            return unit.persons.hits(PersonIdentity.of(ids, records))

    def _forget_vectors(self, person_id: str) -> int:
        with self._database.read() as unit:
            _, records = unit.persons.known_as(expert_or_not_found(unit, person_id).id)
        passages = [passage for record in records if (passage := passage_of(record)) is not None]
        return self._files.forget_vectors([passage.content for passage in passages])

    def _remove_generations(self, actor: Actor, certificate: Certificate, *, rebuild: bool) -> int:
        """Delete the generations from before, indexing anew first where one of them is served."""
        try:
            if rebuild and self._files.serves_from_before(certificate.at):
                self._rebuild(actor.id)
            return self._files.remove_generations(certificate.at)
        except MatchmakerError as error:
            # Something is being built, or nothing can be: the check finds it, and the certificate says so.
            _log.warning("generations of the index have to wait: %s", error.code)
            return 0

    def _compact(self) -> tuple[str, ...]:
        """Leave nothing in the free space of the database's file; where somebody is in the way, that is said."""
        try:
            self._database.compact()
        except MatchmakerError as error:
            _log.warning("the database is not compacted: %s", error.code)
            return (zh.FINDING_SPACE,)
        return ()

    def _findings(self, identity: PersonIdentity, files: Sequence[str]) -> tuple[str, ...]:
        with self._database.read() as unit:
            tables = unit.persons.findings(identity)
        return (
            *(zh.FINDING_TABLE.format(name=name) for name in tables),
            *(zh.FINDING_FILE.format(name=name) for name in files),
        )

    def _save(self, certificate: Certificate, identity: PersonIdentity | None) -> None:
        with self._database.write() as unit:
            unit.erasures.save(certificate, identity)

    def _note(self, unit: UnitOfWork, certificate: Certificate, action: str) -> None:
        self._trail.note(
            unit,
            actor=certificate.actor,
            action=f"personal:person:{action}",
            target=certificate.id,
            activity=Activity.ERASURE,
            purpose=certificate.reason,
            basis=LegalBasis.PERSONS_REQUEST,
            categories=tuple(line.part.value for line in certificate.lines if line.n),
        )


def _lines(counts: Counter[ErasedPart], pending: Counter[ErasedPart] | None = None) -> tuple[ErasedLine, ...]:
    """Every part, so that a certificate also says where there was nothing."""
    waiting = pending or Counter()
    return tuple(ErasedLine(part, counts[part], waiting[part]) for part in ErasedPart)
