"""How one report is to be made: its length, its looks, and what goes along with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assess.reporting.logo import read_logo
from assess.reporting.theme import DEFAULT_THEME, Theme
from assess.scoring.assessment import Assessment

if TYPE_CHECKING:
    from assess.batch.nearest import Precedents
    from assess.robustness.ranks import Ranks
    from assess.robustness.robustness import Robustness
    from assess.tuning.agreement import Agreement


@dataclass(frozen=True)
class Edition:
    """The choices a user has beside the assessment itself."""

    summary: bool = False
    """Only the bottom line, on one side of paper."""
    previous: Assessment | None = None
    """An earlier assessment, for the change log."""
    robustness: Robustness | None = None
    """How far the rating can be trusted, for the sections on it; it must belong to the assessment."""
    ranks: Ranks | None = None
    """Ranks of the case beside others, for the section on them."""
    precedents: Precedents | None = None
    """The nearest past alliances; they must belong to the assessment."""
    agreement: Agreement | None = None
    """How far several assessors of the case agree."""
    theme: Theme = DEFAULT_THEME
    """Colours, font, logo, handling mark and paper."""
    templates: Path | None = None
    """A folder whose files take the place of shipped templates of the same name."""
    documents: Mapping[str, bytes] = field(default_factory=dict)
    """Source documents by file name, attached to the PDF so that it is its own evidence."""

    def along_with(
        self, documents: Mapping[str, bytes], robustness: Robustness | None = None, ranks: Ranks | None = None
    ) -> Edition:
        """Return the same edition with these documents attached, and with these analyses."""
        return replace(self, documents=documents, robustness=robustness, ranks=ranks)

    def logo(self) -> str | None:
        """Return the logo of the theme as safe SVG, or None. Raises `AssessError` for one that is refused."""
        return None if self.theme.logo is None else read_logo(Path(self.theme.logo))
