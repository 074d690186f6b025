"""Valid codes of companies and banks that do not exist: for demo data and tests (REQ-5).

Everything is computed from the arguments, so the same arguments give the same codes.
"""

from stdnum.ru import inn as inn_sums

from crm.requisites import account_key


def make_inn(number: int, *, region: str = "77") -> str:
    """Return an INN of a company: region, tax office 01, a number up to 99 999."""
    base = f"{region}01{number % 100_000:05d}"
    return base + inn_sums.calc_company_check_digit(base)


def make_person_inn(number: int, *, region: str = "77") -> str:
    """Return an INN of an entrepreneur: region, tax office 01, a number up to 999 999."""
    base = f"{region}01{number % 1_000_000:06d}"
    return base + inn_sums.calc_personal_check_digits(base)


def make_kpp(inn: str, *, branch: int = 0) -> str:
    """Return the KPP of the head office (reason 01) or of a branch (reason 43) of a company."""
    return f"{inn[:4]}{'43' if branch else '01'}{branch or 1:03d}"


def make_ogrn(number: int, *, region: str = "77", year: int = 2016) -> str:
    """Return an OGRN of a company registered in that year; the number is up to 9 999 999."""
    base = f"1{year % 100:02d}{region}{number % 10_000_000:07d}"
    return base + str(int(base) % 11 % 10)


def make_ogrnip(number: int, *, region: str = "77", year: int = 2020) -> str:
    """Return an OGRNIP registered in that year; the number is up to 999 999 999."""
    base = f"3{year % 100:02d}{region}{number % 1_000_000_000:09d}"
    return base + str(int(base) % 13 % 10)


def make_bic(number: int, *, region: str = "45") -> str:
    """Return a BIC of a bank that does not exist in the directory: unit 99, 050 and above."""
    return f"04{region}99{50 + number % 900:03d}"


def make_account(bic: str, number: int, *, person: bool = False) -> str:
    """Return a rouble account of a company (40702) or an entrepreneur (40802) in that bank."""
    balance = "40802" if person else "40702"
    digits = f"{balance}8100{number % 100_000_000_000:011d}"
    prefix = "0" + bic[4:6] if bic[6:8] == "00" else bic[-3:]
    return digits[:8] + account_key(prefix, digits) + digits[9:]


def make_correspondent_account(bic: str) -> str:
    """Return the correspondent account that belongs to the BIC."""
    digits = f"30101810{0:09d}{bic[-3:]}"
    return digits[:8] + account_key("0" + bic[4:6], digits) + digits[9:]
