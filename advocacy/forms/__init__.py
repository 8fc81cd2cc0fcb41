from advocacy.forms.celebrations import CelebrationForm
from advocacy.forms.stories import AskForm, ConsentForm, StoryForm, UseForm

__all__ = ["AskForm", "CelebrationForm", "ConsentForm", "StoryForm", "UseForm"]
