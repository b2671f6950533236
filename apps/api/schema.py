"""How endpoints describe themselves: with the scope they need and the refusals they share."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema

from apps.api.serializers import ProblemSerializer

_SHARED_REFUSALS = ("400", "401", "403", "429")


class ScopedSchema(AutoSchema):
    def get_description(self) -> str:  # type: ignore[override]
        scopes = getattr(self.view, "scopes", {}).get(self.method, ())
        words = [super().get_description() or ""]
        if scopes:
            words.append(f"Scope: {' or '.join(f'`{scope}`' for scope in scopes)}.")
        return "\n\n".join(word for word in words if word)

    def _get_response_bodies(
        self, direction: Literal["request", "response"] = "response"
    ) -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        shared = _SHARED_REFUSALS + (("404",) if "{" in self.path else ())
        for code in shared:
            if code not in bodies:
                bodies[code] = self._get_response_for_code(ProblemSerializer, code)
        return bodies
