"""Each number defined once: milestones reached, on time, late, contested, and how long they took."""

from dashboards.figures.counting import Figures, MilestoneFigures, figures
from dashboards.figures.rates import Headline, headline
from dashboards.figures.wishes import Wish

__all__ = ["Figures", "Headline", "MilestoneFigures", "Wish", "figures", "headline"]
