from django.urls import URLPattern, URLResolver, path

from apps.deals.views import as_of, impact, proposals, publishing, rules, versions

SET = "rules/<uuid:rule_set_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("rules/", rules.rule_set_list, name="rule_set_list"),
    path(SET, rules.rule_set, name="rule_set"),
    path(f"{SET}export/", rules.export_draft, name="rule_set_export"),
    path(f"{SET}publish/", publishing.publish_rules, name="rule_publish"),
    path(f"{SET}progress/", publishing.progress, name="rule_progress"),
    path(f"{SET}impact/", impact.impact_panel, name="rule_impact"),
    path(f"{SET}impact/flips/", impact.flips_panel, name="rule_flips"),
    path(f"{SET}versions/<int:number>/", versions.version, name="rule_version"),
    path(f"{SET}versions/<int:number>/export/", versions.export, name="rule_version_export"),
    path(f"{SET}versions/<int:number>/roll-back/", versions.roll_back, name="rule_roll_back"),
    path(f"{SET}proposals/<uuid:proposal_id>/", proposals.proposal, name="rule_proposal"),
    path(f"{SET}proposals/<uuid:proposal_id>/approve/", proposals.approve, name="rule_approve"),
    path(f"{SET}proposals/<uuid:proposal_id>/decline/", proposals.decline, name="rule_decline"),
    path("deals/<uuid:deal_id>/as-of/", as_of.as_of, name="as_of"),
]
