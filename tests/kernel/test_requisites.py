import csv
import io

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from crm import requisites as req
from crm import requisites_sample as sample
from tests.kernel.shared_files import shared_file

NUMBERS = st.integers(0, 10**11 - 1)
REGIONS = st.sampled_from(["01", "16", "50", "66", "77", "78"])
NOT_CODES = [
    "",
    "   ",
    "0",
    "٧٧٠٧٠٨٣٨٩٣",
    "٠٤٤٥٢٥٢٢٥",
    "٤٠٧٠٢٨١٠٢٠٠٠٠٠٠١٢٣٤٥",
    "\uff17\uff17\uff10\uff17\uff10\uff18\uff13\uff18\uff19\uff13",
    "7707\x00083893",
    "77070838 93",
    "7707O83893",
    "+7707083893",
    "-770708389",
    "7_7_0_7_0_8",
    "9" * 100_000,
    "NaN",
    "1e10",
]
# Own copies of REQ-5: fictional counterparties in the fictional bank 044599777.
COMPANIES = [
    ("7701000019", "770101001", "1167770011111", "40702810810000007919"),
    ("7802000022", "780201001", "1177870022220", "40702810310000015838"),
    ("5003000030", "500301001", "1185070033334", "40702810810000023757"),
    ("770700007005", "", "322777000077773", "40802810510000055433"),
    ("160800008049", "", "323167000088889", "40802810010000063352"),
]
BANK, CORRESPONDENT = "044599777", "30101810700000000777"


def read_rows(name, delimiter=","):
    text = shared_file(name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def refuses(check, *args):
    try:
        check(*args)
    except ValidationError as refusal:
        assert refusal.messages[0]
        assert refusal.code
        return True
    return False


@pytest.mark.parametrize("inn", ["7707083893", "7736050003", "500100732259", " 7707083893\n"])
def test_a_right_inn_is_returned_without_outer_spaces(inn):
    assert req.clean_inn(inn) == inn.strip()


@pytest.mark.parametrize(
    "inn",
    ["7707083894", "500100732258", "770708389", "0000000000", "000000000000", *NOT_CODES],
)
def test_a_wrong_inn_is_refused(inn):
    assert refuses(req.validate_inn, inn)


@pytest.mark.parametrize(
    "check", [req.clean_kpp, req.clean_ogrn, req.clean_ogrnip, req.clean_any_ogrn, req.clean_bic]
)
@pytest.mark.parametrize("text", NOT_CODES)
def test_no_check_takes_rubbish(check, text):
    assert refuses(check, text)


@pytest.mark.parametrize("text", NOT_CODES)
def test_no_account_check_takes_rubbish(text):
    assert refuses(req.clean_account, text, BANK)
    assert refuses(req.clean_account, COMPANIES[0][3], text)
    assert refuses(req.clean_correspondent_account, text, BANK)
    assert refuses(req.clean_correspondent_account, CORRESPONDENT, text)


def test_kpp_format():
    assert req.clean_kpp("773601001") == "773601001"
    assert req.clean_kpp("7736AB001") == "7736AB001"
    # The third code has Cyrillic letters that look Latin.
    for wrong in ("77360100", "ABCD01001", "7736АВ001", "7736ab001"):
        assert refuses(req.validate_kpp, wrong)


def test_an_entrepreneur_has_no_kpp():
    assert refuses(req.validate_inn_with_kpp, "500100732259", "773601001")
    assert not refuses(req.validate_inn_with_kpp, "500100732259", "")
    assert not refuses(req.validate_inn_with_kpp, "7707083893", "773601001")


def test_ogrn_and_ogrnip():
    assert req.clean_any_ogrn("1027700132195") == "1027700132195"
    assert req.clean_any_ogrn(" 304500116000157 ") == "304500116000157"
    for wrong in ("1027700132196", "304500116000158", "304500116000154"):
        assert refuses(req.validate_any_ogrn, wrong)


@given(st.integers(0, 10**9 - 1))
def test_ogrnip_with_a_remainder_of_ten_and_more_is_right(number):
    following = (sample.make_ogrnip(number + step) for step in range(13))
    code = next(code for code in following if int(code[:-1]) % 13 >= 10)
    assert req.clean_ogrnip(code) == code


def test_a_record_number_in_place_of_ogrn_is_refused_by_its_sign():
    body = "206772233445"
    code = body + str(int(body) % 11 % 10)
    assert req.ogrn_key_is_right(code)
    assert refuses(req.clean_ogrn, code)


def test_accounts_fit_the_bank():
    for account in ("40702810200000012345", "40702810538000054321"):
        assert req.clean_account(account, "044525225") == account
    assert refuses(req.validate_account, "40702810200000012346", "044525225")
    assert req.clean_correspondent_account("30101810400000000225", "044525225")


def test_an_account_in_a_settlement_centre_takes_the_correspondent_prefix():
    account = sample.make_account("044501002", 17)
    assert req.clean_account(account, "044501002") == account
    prefixed_by_bank = account[:8] + req.account_key("002", account) + account[9:]
    assert prefixed_by_bank == account or refuses(
        req.validate_account, prefixed_by_bank, "044501002"
    )


def test_treasury_bodies_pay_too():
    account = "03100643000000017300"
    assert req.clean_account(account, "004525988") == account
    assert req.clean_correspondent_account("40102810545370000003", "004525988")
    assert refuses(req.validate_account, account, "044525225")


def test_a_correspondent_account_ends_as_its_bic():
    assert refuses(req.validate_correspondent_account, "30101810400000000225", "044525226")
    assert refuses(req.validate_correspondent_account, "30101810500000000225", "044525225")


@pytest.mark.parametrize(("inn", "kpp", "ogrn", "account"), COMPANIES)
def test_fictional_counterparties_are_right(inn, kpp, ogrn, account):
    req.validate_inn(inn)
    req.validate_inn_with_kpp(inn, kpp)
    req.validate_any_ogrn(ogrn)
    req.validate_account(account, BANK)
    req.validate_correspondent_account(CORRESPONDENT, BANK)


def test_a_lost_leading_zero_comes_back_only_where_the_sum_agrees():
    assert req.repair_inn("660534489") == "0660534489"
    assert req.repair_inn("79285641150") == "079285641150"
    assert req.repair_inn("770708389") == "770708389"
    assert req.repair_inn(" 7707083893 ") == "7707083893"
    assert req.repair_inn("abc") == "abc"
    assert req.repair_bic("44525225") == "044525225"
    assert req.repair_bic("044525225") == "044525225"
    assert req.repair_kpp("10301001") == "010301001"


@given(NUMBERS, REGIONS)
def test_samples_are_right(number, region):
    req.validate_inn(inn := sample.make_inn(number, region=region))
    req.validate_kpp(sample.make_kpp(inn))
    req.validate_kpp(sample.make_kpp(inn, branch=7))
    req.validate_inn(sample.make_person_inn(number, region=region))
    req.clean_ogrn(sample.make_ogrn(number, region=region))
    req.clean_ogrnip(sample.make_ogrnip(number, region=region))
    req.validate_bic(bic := sample.make_bic(number))
    req.validate_account(sample.make_account(bic, number), bic)
    req.validate_account(sample.make_account(bic, number, person=True), bic)
    req.validate_correspondent_account(sample.make_correspondent_account(bic), bic)


@given(NUMBERS, st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_of_an_account_is_always_seen(number, place, change):
    bic = sample.make_bic(number)
    account = sample.make_account(bic, number)
    wrong = str((int(account[place]) + change) % 10)
    spoiled = account[:place] + wrong + account[place + 1 :]
    assert refuses(req.validate_account, spoiled, bic)


def test_nearly_every_wrong_digit_of_an_inn_is_seen():
    seen = tried = 0
    for number in range(0, 100_000, 997):
        inn = sample.make_inn(number)
        for place in range(10):
            for change in range(1, 10):
                wrong = str((int(inn[place]) + change) % 10)
                tried += 1
                seen += refuses(req.validate_inn, inn[:place] + wrong + inn[place + 1 :])
    # Remainders 10 and 0 give one check digit, so a few errors stay unseen by the rule itself.
    assert seen / tried > 0.97


@given(st.text(max_size=40), st.text(max_size=12))
def test_any_text_is_either_a_code_or_a_refusal(text, bic):
    for check in (req.clean_inn, req.clean_kpp, req.clean_any_ogrn, req.clean_bic):
        refuses(check, text)
    refuses(req.clean_account, text, bic)
    refuses(req.clean_correspondent_account, text, bic)
    assert isinstance(req.repair_inn(text), str)


def test_the_published_codes_are_judged_as_their_list_says():
    rows = read_rows("data/requisites/valid_invalid_codes.csv")
    checks = {
        "inn": lambda code: not refuses(req.validate_inn, code),
        # The list says itself that the first digits of its OGRNs are no real signs.
        "ogrn": lambda code: len(code) == 13 and req.ogrn_key_is_right(code),
        "ogrnip": lambda code: not refuses(req.clean_ogrnip, code),
    }
    wrong = [
        row for row in rows if checks[row["kind"]](row["value"]) != (row["expected"] == "valid")
    ]
    assert len(rows) == 58
    assert wrong == []


def test_every_correspondent_account_of_the_directory_is_right():
    rows = read_rows("data/requisites/bik_directory_2026-08-21.csv")
    own = [row for row in rows if row["regulationaccounttype"] == "CRSA"]
    treasury = [row for row in rows if row["regulationaccounttype"] == "UTRA"]
    assert (len(rows), len(own)) == (1432, 965)
    for row in rows:
        req.validate_bic(row["bic"])
    for row in own + treasury:
        req.validate_correspondent_account(row["account"], row["bic"])
    assert {req.repair_bic(row["bic"].removeprefix("0")) for row in own} == {
        row["bic"] for row in own
    }


def test_branches_share_an_inn_and_differ_by_kpp():
    rows = read_rows("data/requisites/sberbank_branches_same_inn_different_kpp.csv", delimiter=";")
    for row in rows:
        req.validate_inn(row["inn"])
        req.validate_kpp(row["kpp"])
    assert len({(row["inn"], row["kpp"]) for row in rows}) == 46
