"""Facts about imports, deals and rules."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from apps.events.catalog.base import Fact


@dataclass(frozen=True, kw_only=True)
class ImportStarted(Fact):
    """A list file was taken in."""

    name: ClassVar[str] = "deals.import_started.v1"
    subject_kind: ClassVar[str] = "import"
    file_name: str
    sha256: str
    vendor: str
    rows_total: int


@dataclass(frozen=True, kw_only=True)
class ImportChunkApplied(Fact):
    """A chunk of rows was applied; `deals` are those created or updated."""

    name: ClassVar[str] = "deals.import_chunk_applied.v1"
    subject_kind: ClassVar[str] = "import"
    first_row: int
    last_row: int
    counts: dict[str, int]
    deals: list[UUID]


@dataclass(frozen=True, kw_only=True)
class ImportFinished(Fact):
    """Every row of a file has its outcome."""

    name: ClassVar[str] = "deals.import_finished.v1"
    subject_kind: ClassVar[str] = "import"
    counts: dict[str, int]
    rows_total: int


@dataclass(frozen=True, kw_only=True)
class ImportCanceled(Fact):
    """A person stopped an import; rows done so far stay."""

    name: ClassVar[str] = "deals.import_canceled.v1"
    subject_kind: ClassVar[str] = "import"
    rows_done: int


@dataclass(frozen=True, kw_only=True)
class ImportFailed(Fact):
    """An import stopped on an error."""

    name: ClassVar[str] = "deals.import_failed.v1"
    subject_kind: ClassVar[str] = "import"
    error: str
    rows_done: int


@dataclass(frozen=True, kw_only=True)
class DealOpened(Fact):
    """A lead became a deal."""

    name: ClassVar[str] = "deals.deal_opened.v1"
    subject_kind: ClassVar[str] = "deal"
    stage: str
    status: str
    address: str
    source: str
    seller: UUID | None = None
    lead_import: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class DealUpdated(Fact):
    """What is known of a property changed. `changes`: field -> [old, new]."""

    name: ClassVar[str] = "deals.deal_updated.v1"
    subject_kind: ClassVar[str] = "deal"
    changes: dict[str, Any]
    source: str
    lead_import: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class DealScored(Fact):
    """A deal was judged. The stage moves with it when `to_stage` is set.

    The masks say which rules of that version passed and which were unknown, at the rules' bits.
    """

    name: ClassVar[str] = "deals.deal_scored.v1"
    subject_kind: ClassVar[str] = "deal"
    score: int
    verdict: str
    coverage: int
    rule_set: UUID
    rule_set_version: int
    previous_verdict: str
    from_stage: str
    to_stage: str
    seller: UUID | None = None
    pass_mask: int | None = None
    unknown_mask: int | None = None


@dataclass(frozen=True, kw_only=True)
class DealMoved(Fact):
    """A deal changed its stage."""

    name: ClassVar[str] = "deals.deal_moved.v1"
    subject_kind: ClassVar[str] = "deal"
    from_stage: str
    to_stage: str
    status: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DealValued(Fact):
    """A person set ARV or repairs."""

    name: ClassVar[str] = "deals.deal_valued.v1"
    subject_kind: ClassVar[str] = "deal"
    arv_amount: Decimal | None = None
    repairs_amount: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class DealAssigned(Fact):
    """A deal got its person."""

    name: ClassVar[str] = "deals.deal_assigned.v1"
    subject_kind: ClassVar[str] = "deal"
    user_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class RescoreAdvanced(Fact):
    """A batch of deals was judged again after a change of rules."""

    name: ClassVar[str] = "deals.rescore_advanced.v1"
    subject_kind: ClassVar[str] = "rule_set"
    scored: int
    changed: int
    next_deal: int | None = None


@dataclass(frozen=True, kw_only=True)
class EstimatePolicySaved(Fact):
    """What stands in for unknown ARV and repairs was changed."""

    name: ClassVar[str] = "deals.estimate_policy_saved.v1"
    subject_kind: ClassVar[str] = "estimate_policy"
    values: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class PipelineLaid(Fact):
    """A workspace got its stages, rules and estimates."""

    name: ClassVar[str] = "deals.pipeline_laid.v1"
    subject_kind: ClassVar[str] = "workspace"
    stages: list[str]


@dataclass(frozen=True, kw_only=True)
class StageSaved(Fact):
    """A stage was renamed or moved in the order."""

    name: ClassVar[str] = "deals.stage_saved.v1"
    subject_kind: ClassVar[str] = "stage"
    kind: str
    label: str
    position: int


@dataclass(frozen=True, kw_only=True)
class RepairsEstimated(Fact):
    """Repairs were reckoned room by room; the deal reckons with `repairs_amount` from now on."""

    name: ClassVar[str] = "deals.repairs_estimated.v1"
    subject_kind: ClassVar[str] = "deal"
    estimate: UUID
    low_amount: Decimal
    high_amount: Decimal
    repairs_amount: Decimal
    lines: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class RepairCostSaved(Fact):
    """What a repair costs a unit was changed."""

    name: ClassVar[str] = "deals.repair_cost_saved.v1"
    subject_kind: ClassVar[str] = "repair_cost"
    key: str
    low_amount: Decimal
    high_amount: Decimal
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class RepairCostsInstalled(Fact):
    """A workspace got the shipped unit costs."""

    name: ClassVar[str] = "deals.repair_costs_installed.v1"
    subject_kind: ClassVar[str] = "workspace"
    keys: list[str]


@dataclass(frozen=True, kw_only=True)
class SaleImportStarted(Fact):
    """A file of recorded sales was taken in."""

    name: ClassVar[str] = "deals.sale_import_started.v1"
    subject_kind: ClassVar[str] = "sale_import"
    file_name: str
    sha256: str
    preset: str
    rows_total: int


@dataclass(frozen=True, kw_only=True)
class SalesRecorded(Fact):
    """Recorded sales were added or corrected; the subject is the file or feed they came in."""

    name: ClassVar[str] = "deals.sales_recorded.v1"
    subject_kind: ClassVar[str] = "sale_import"
    source: str
    counts: dict[str, int]
    last_row: int = 0


@dataclass(frozen=True, kw_only=True)
class SaleImportEnded(Fact):
    """A file of sales is over: done, canceled or failed."""

    name: ClassVar[str] = "deals.sale_import_ended.v1"
    subject_kind: ClassVar[str] = "sale_import"
    state: str
    counts: dict[str, int]
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class CompPolicySaved(Fact):
    """How comparable sales are chosen and adjusted was changed."""

    name: ClassVar[str] = "deals.comp_policy_saved.v1"
    subject_kind: ClassVar[str] = "comp_policy"
    values: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class ArvEstimated(Fact):
    """A value was reckoned from comparable sales; no amount: there were not enough of them."""

    name: ClassVar[str] = "deals.arv_estimated.v1"
    subject_kind: ClassVar[str] = "deal"
    estimate: UUID
    amount: Decimal | None
    low_amount: Decimal | None
    high_amount: Decimal | None
    confidence: float
    sales: list[UUID]
    is_picked: bool


@dataclass(frozen=True, kw_only=True)
class ArvAdopted(Fact):
    """A value from comparable sales became the deal's ARV."""

    name: ClassVar[str] = "deals.arv_adopted.v1"
    subject_kind: ClassVar[str] = "deal"
    estimate: UUID
    arv_amount: Decimal
    arv_source: str


@dataclass(frozen=True, kw_only=True)
class ImportMapped(Fact):
    """A person said what the columns of a draft mean; `mapping`: header -> field."""

    name: ClassVar[str] = "deals.import_mapped.v1"
    subject_kind: ClassVar[str] = "import"
    mapping: dict[str, str]
    lead_list: str = ""


@dataclass(frozen=True, kw_only=True)
class ImportConfirmed(Fact):
    """A person looked at a draft's preview and let it run."""

    name: ClassVar[str] = "deals.import_confirmed.v1"
    subject_kind: ClassVar[str] = "import"
    rows_total: int


@dataclass(frozen=True, kw_only=True)
class ImportDiscarded(Fact):
    """A person threw a draft away; its rows were never applied."""

    name: ClassVar[str] = "deals.import_discarded.v1"
    subject_kind: ClassVar[str] = "import"
    file_name: str


@dataclass(frozen=True, kw_only=True)
class ImportUndoStarted(Fact):
    """A person wants an import undone; its rows are worked from the last to the first."""

    name: ClassVar[str] = "deals.import_undo_started.v1"
    subject_kind: ClassVar[str] = "import"
    rows_done: int


@dataclass(frozen=True, kw_only=True)
class ImportUndoAdvanced(Fact):
    """Some rows of an import were undone; `deals` are those that got former values back."""

    name: ClassVar[str] = "deals.import_undo_advanced.v1"
    subject_kind: ClassVar[str] = "import"
    first_row: int
    last_row: int
    undone: int
    kept: int
    deals: list[UUID]


@dataclass(frozen=True, kw_only=True)
class ImportUndone(Fact):
    """An import was undone, except for what was edited since."""

    name: ClassVar[str] = "deals.import_undone.v1"
    subject_kind: ClassVar[str] = "import"
    undone: int
    kept: int


@dataclass(frozen=True, kw_only=True)
class DealRemoved(Fact):
    """A deal is gone, because the import that opened it was undone."""

    name: ClassVar[str] = "deals.deal_removed.v1"
    subject_kind: ClassVar[str] = "deal"
    address: str
    reason: str
    lead_import: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class PropertyEdited(Fact):
    """A person knows better than the lists. `changes`: field -> [old, new]."""

    name: ClassVar[str] = "deals.property_edited.v1"
    subject_kind: ClassVar[str] = "deal"
    changes: dict[str, Any]
    source: str


@dataclass(frozen=True, kw_only=True)
class ConflictSettled(Fact):
    """A person chose between two sources. `value` is what stands now."""

    name: ClassVar[str] = "deals.conflict_settled.v1"
    subject_kind: ClassVar[str] = "deal"
    column: str
    is_taken: bool
    value: Any = None
    other: Any = None
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class ListPresetsLaid(Fact):
    """A workspace got the shipped presets of list vendors."""

    name: ClassVar[str] = "deals.list_presets_laid.v1"
    subject_kind: ClassVar[str] = "workspace"
    slugs: list[str]


@dataclass(frozen=True, kw_only=True)
class ListPresetSaved(Fact):
    """What the columns of a list mean was chosen or changed."""

    name: ClassVar[str] = "deals.list_preset_saved.v1"
    subject_kind: ClassVar[str] = "list_preset"
    slug: str
    label: str
    mapping: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class SourceSaved(Fact):
    """A feed was entered or changed; `settings` without secrets."""

    name: ClassVar[str] = "deals.source_saved.v1"
    subject_kind: ClassVar[str] = "source"
    source_name: str
    type: str
    is_active: bool
    every_minutes: int
    settings: dict[str, Any]
    reads_from_start: bool = False


@dataclass(frozen=True, kw_only=True)
class SourcePaused(Fact):
    """A person stopped a feed."""

    name: ClassVar[str] = "deals.source_paused.v1"
    subject_kind: ClassVar[str] = "source"
    source_name: str


@dataclass(frozen=True, kw_only=True)
class SourceResumed(Fact):
    """A person let a feed go on."""

    name: ClassVar[str] = "deals.source_resumed.v1"
    subject_kind: ClassVar[str] = "source"
    source_name: str


@dataclass(frozen=True, kw_only=True)
class SourceRunRequested(Fact):
    """A person wants a feed read at once."""

    name: ClassVar[str] = "deals.source_run_requested.v1"
    subject_kind: ClassVar[str] = "source"
    source_name: str


@dataclass(frozen=True, kw_only=True)
class SourcePageAccepted(Fact):
    """A page of a feed was stored and the watermark moved with it; `changed` records are new."""

    name: ClassVar[str] = "deals.source_page_accepted.v1"
    subject_kind: ClassVar[str] = "source"
    run: UUID
    page_no: int
    records: int
    changed: int
    is_last: bool
    lead_import: UUID | None = None
    refused: str = ""


@dataclass(frozen=True, kw_only=True)
class SourceFailed(Fact):
    """A feed could not be read; it is asked again at `retry_at`."""

    name: ClassVar[str] = "deals.source_failed.v1"
    subject_kind: ClassVar[str] = "source"
    run: UUID
    error: str
    failures: int
    retry_at: datetime


@dataclass(frozen=True, kw_only=True)
class SourceRemapped(Fact):
    """Records kept from a feed were read again with today's mapping."""

    name: ClassVar[str] = "deals.source_remapped.v1"
    subject_kind: ClassVar[str] = "source"
    records: int
    changed: int
    lead_import: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class DealsReassigned(Fact):
    """Deals of two contacts that became one, or two again: the subject is their seller or party."""

    name: ClassVar[str] = "deals.deals_reassigned.v1"
    subject_kind: ClassVar[str] = "contact"
    merge: UUID
    deals: list[UUID]


@dataclass(frozen=True, kw_only=True)
class WebhookCallsRead(Fact):
    """Stored webhook calls were read and handed to the importer, or refused."""

    name: ClassVar[str] = "deals.webhook_calls_read.v1"
    subject_kind: ClassVar[str] = "source"
    calls: list[UUID]
    refused: int
    records: int
    lead_import: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class WebhookCallsReplayed(Fact):
    """A person let refused webhook calls be read again."""

    name: ClassVar[str] = "deals.webhook_calls_replayed.v1"
    subject_kind: ClassVar[str] = "source"
    count: int


@dataclass(frozen=True, kw_only=True)
class SourceSecretRotated(Fact):
    """A webhook source got a new secret; the one before may stay valid for a while."""

    name: ClassVar[str] = "deals.source_secret_rotated.v1"
    subject_kind: ClassVar[str] = "source"
    is_old_valid: bool


@dataclass(frozen=True, kw_only=True)
class ListRenamed(Fact):
    """A list of properties got another name."""

    name: ClassVar[str] = "deals.list_renamed.v1"
    subject_kind: ClassVar[str] = "lead_list"
    before: str
    after: str
