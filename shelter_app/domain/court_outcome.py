"""What is written down about a court date once it has come, and kept from then on."""

from __future__ import annotations

from typing import Final

OUTCOME_FIELDS: Final = (
    "outcome",
    "adjourn_reason",
    "next_at",
    "special_measures_granted",
    "s32_notice_on",
    "declared_vulnerable_on",
    "intermediary_status",
    "intermediary_name",
    "intermediary_appointed_on",
    "intermediary_sworn",
    "role_explained",
    "own_words_kept",
    "notes",
    "travel_cost_kes",
)
"""What is recorded about a court date once it has come; the rest was planned before."""
