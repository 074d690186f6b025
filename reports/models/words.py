"""Words that customers keep in both languages: Russian always, English where somebody wrote it."""

from django.utils.translation import get_language


def in_language(russian: str, english: str) -> str:
    """The English words to whoever reads English, the Russian ones where there are none."""
    reads_english = (get_language() or "ru").startswith("en")
    return english if reads_english and english else russian
