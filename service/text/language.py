"""placeholder"""
def language(title: str, text: str, title_words: list[str], words: list[str]) -> str:
    return "und"
