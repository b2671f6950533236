"""What a person who knows SQL would run: one statement for all deals, facts included."""

from __future__ import annotations

from typing import Any

from apps.events.catalog.deals import DealScored
from apps.events.registry import subscribers_of
from tests.benchmarks.rescore_rows import NOW, is_postgres, run
from tests.benchmarks.rescore_rules import KNOCK_OUTS, PREDICATES, YEAR_BIT, judged

JUDGED = ("pass_mask", "unknown_mask", "score", "coverage", "verdict")


class Hand:
    """Statements written for one workspace; rules stand at the bits of their order."""

    def __init__(self, workspace: int, rule_set: Any) -> None:
        self.workspace, self.rule_set = workspace, rule_set
        # Keeps PostgreSQL from repeating a rule for each use; SQLite has no OFFSET by itself.
        self.fence = "OFFSET 0" if is_postgres() else "LIMIT -1"

    def judged(self, weights: tuple[int, ...], year: int) -> str:
        return judged(weights, year).format(workspace=self.workspace, fence=self.fence)

    def update_all(self, weights: tuple[int, ...], year: int) -> None:
        """Judge every deal, write those that differ, tell those whose verdict moved."""
        self._write(self.judged(weights, year))

    def one_rule(self, weights: tuple[int, ...], years: tuple[int, int]) -> None:
        """Only deals built between the years: for others the rule says what it said."""
        was, year = years
        rule = PREDICATES[YEAR_BIT].format(year=year)
        bit = 1 << YEAR_BIT
        total = sum(weights)
        changed = (
            f"SELECT s.deal_id, (s.pass_mask & ~{bit}) | CASE WHEN {rule} THEN {bit} ELSE 0 END"
            f" AS pass_mask, s.unknown_mask FROM deals_dealmetrics m JOIN deals_dealscore s"
            f" ON s.deal_id = m.deal_id WHERE m.workspace_id = {self.workspace}"
            f" AND m.year_built >= {min(was, year)} AND m.year_built < {max(was, year)}"
        )
        passed, unknown = (
            " + ".join(f"(({name} >> {n}) & 1) * {w}" for n, w in enumerate(weights) if w)
            for name in ("pass_mask", "unknown_mask")
        )
        self._write(
            f"SELECT deal_id, pass_mask, unknown_mask, score, coverage, CASE WHEN ({KNOCK_OUTS}"
            " & ~(pass_mask | unknown_mask)) <> 0 THEN 'rejected' WHEN coverage = 0 THEN 'review'"
            " WHEN score >= 60 THEN 'qualified' WHEN score >= 40 THEN 'review' ELSE 'rejected' END"
            " AS verdict FROM (SELECT deal_id, pass_mask, unknown_mask,"
            f" CASE WHEN unknown = {total} THEN 0"
            f" ELSE (200 * passed + {total} - unknown) / (2 * ({total} - unknown)) END AS score,"
            f" (200 * ({total} - unknown) + {total}) / (2 * {total}) AS coverage FROM"
            f" (SELECT deal_id, pass_mask, unknown_mask, {passed} AS passed, {unknown} AS unknown"
            f" FROM ({changed}) a {self.fence}) b {self.fence}) c"
        )

    def impact(self, weights: tuple[int, ...], year: int) -> list[Any]:
        """Verdicts now and then, bands, pass rates of each rule, contracts: one pass over all."""
        judged_then = self.judged(weights, year)
        rates = ", ".join(
            f"SUM((j.pass_mask >> {n}) & 1), SUM((j.unknown_mask >> {n}) & 1),"
            f" SUM((s.pass_mask >> {n}) & 1), SUM((s.unknown_mask >> {n}) & 1)"
            for n in range(len(PREDICATES))
        )
        return run(
            f"SELECT s.verdict, j.verdict, s.score / 10, j.score / 10, COUNT(*), {rates}"
            f" FROM ({judged_then}) j JOIN deals_dealscore s ON s.deal_id = j.deal_id"
            " GROUP BY s.verdict, j.verdict, s.score / 10, j.score / 10"
        ) + run(
            f"SELECT g.kind, s.verdict, j.verdict, COUNT(*) FROM ({judged_then}) j"
            " JOIN deals_dealscore s ON s.deal_id = j.deal_id JOIN deals_deal d"
            " ON d.id = j.deal_id JOIN deals_stage g ON g.id = d.stage_id"
            " WHERE g.kind NOT IN ('new', 'qualified') GROUP BY g.kind, s.verdict, j.verdict"
        )

    def vacuum(self) -> None:
        if is_postgres():
            run("VACUUM ANALYZE deals_dealscore")

    def _write(self, rows: str) -> None:
        sets = ", ".join(f"{name} = j.{name}" for name in JUDGED)
        differs = " OR ".join(f"s.{name} <> j.{name}" for name in JUDGED)
        version = self.rule_set.version
        update = (
            f"WITH j AS MATERIALIZED ({rows}){{more}} UPDATE deals_dealscore AS s SET {sets},"
            f" rule_set_id = {self.rule_set.pk}, rule_set_version = {version + 1},"
            " previous_score = s.score, previous_verdict = s.verdict"
            f" FROM j WHERE s.deal_id = j.deal_id AND ({differs})"
        )
        if is_postgres():
            start, _, rest = update.partition("{more}")
            run(
                f"{start}, w AS ({rest.strip()} RETURNING s.*), e AS ({self._facts('w')}"
                f" RETURNING id) {self._deliveries('e')}"
            )
        else:
            run(update.replace("{more}", ""))
            self._tell_sqlite(version + 1)

    def _facts(self, changed: str) -> str:
        json = "jsonb_build_object" if is_postgres() else "json_object"
        fresh = "gen_random_uuid()" if is_postgres() else "lower(hex(randomblob(16)))"
        now = f"'{NOW.isoformat()}'" + ("::timestamptz" if is_postgres() else "")
        return (
            "INSERT INTO events_event (public_id, workspace_id, name, subject_kind, subject, deal,"
            " actor_kind, actor_id, actor_label, payload, occurred_at)"
            f" SELECT {fresh}, {self.workspace}, '{DealScored.name}', 'deal', d.public_id,"
            f" d.public_id, 'system', '', 'hand', {json}('score', c.score, 'verdict', c.verdict,"
            f" 'coverage', c.coverage, 'rule_set', '{self.rule_set.public_id}',"
            f" 'rule_set_version', c.rule_set_version, 'previous_verdict', c.previous_verdict,"
            " 'from_stage', '', 'to_stage', '', 'seller', p.public_id, 'pass_mask', c.pass_mask,"
            f" 'unknown_mask', c.unknown_mask), {now} FROM {changed} c"
            " JOIN deals_deal d ON d.id = c.deal_id LEFT JOIN contacts_contact p"
            " ON p.id = d.seller_id WHERE c.verdict <> c.previous_verdict"
        )

    def _deliveries(self, facts: str) -> str:
        names = ", ".join(f"('{one.name}')" for one in subscribers_of(DealScored.name))
        now = f"'{NOW.isoformat()}'" + ("::timestamptz" if is_postgres() else "")
        return (
            "INSERT INTO events_delivery (event_id, subscriber, state, attempts, available_at,"
            f" error) SELECT f.id, n.column1, 'ready', 0, {now}, '' FROM {facts} f"
            f" CROSS JOIN (VALUES {names}) AS n"
        )

    def _tell_sqlite(self, version: int) -> None:
        last = run("SELECT COALESCE(MAX(id), 0) FROM events_event")[0][0]
        changed = f"(SELECT * FROM deals_dealscore WHERE rule_set_version = {version})"
        run(self._facts(changed))
        run(self._deliveries(f"(SELECT id FROM events_event WHERE id > {last})"))
