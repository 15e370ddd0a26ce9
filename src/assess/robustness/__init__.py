"""How far a rating can be trusted: sampling, ranks and bands, sensitivity, break-even weights, what it would take."""

from assess.robustness.acceptability import rank_acceptability

__all__ = ["rank_acceptability"]
