from service.text.memo import MEMO_KEY_LENGTH, Memo


def test_a_value_is_derived_once() -> None:
    asked: list[str] = []

    def derive(key: str) -> int:
        asked.append(key)
        return len(key)

    memo = Memo(derive)

    assert [memo["abc"], memo["abc"]] == [3, 3]
    assert asked == ["abc"]


def test_it_stays_within_two_generations_and_keeps_what_is_in_use() -> None:
    asked: list[str] = []

    def derive(key: str) -> str:
        asked.append(key)
        return key

    memo = Memo(derive, size=4)
    for number in range(40):
        assert memo["common"] == "common"
        assert memo[str(number)] == str(number)

    assert len(memo) <= 4
    assert asked.count("common") == 1


def test_long_keys_are_not_kept() -> None:
    memo = Memo(len)

    assert memo["x" * (MEMO_KEY_LENGTH + 1)] == MEMO_KEY_LENGTH + 1
    assert not memo
