"""Units and people of the demo: the eight logins and everybody they work with."""

from dataclasses import dataclass, field
from random import Random

from django.contrib.auth.hashers import make_password

from crm.accounts.models import OrgUnit, OrgUnitKind, Role, User
from crm.names import sort_key
from reports.demo import words
from reports.demo.scales import Scale

PASSWORD = "demo"  # noqa: S105 - the known password of demo logins, refused in production
UNUSABLE = "!"
LOGINS = (
    ("manager", Role.MANAGER),
    ("manager2", Role.MANAGER),
    ("sector", Role.SECTOR_HEAD),
    ("head", Role.DEPARTMENT_HEAD),
    ("director", Role.DIRECTOR),
    ("accountant", Role.ACCOUNTANT),
    ("lawyer", Role.LAWYER),
    ("admin", Role.ADMIN),
)
TITLES = {
    Role.MANAGER: "Менеджер по работе с клиентами",
    Role.SECTOR_HEAD: "Руководитель сектора",
    Role.DEPARTMENT_HEAD: "Начальник отдела",
    Role.DIRECTOR: "Директор по работе с клиентами",
    Role.GENERAL_DIRECTOR: "Генеральный директор",
    Role.ACCOUNTANT: "Бухгалтер",
    Role.LAWYER: "Юрист",
    Role.MARKETER: "Маркетолог",
    Role.LOGISTICS: "Логист",
    Role.PURCHASING: "Специалист отдела закупок",
    Role.MERCHANDISER: "Мерчендайзер",
    Role.ADMIN: "Администратор системы",
}
OTHERS = (
    ("general", Role.GENERAL_DIRECTOR),
    ("marketer", Role.MARKETER),
    ("logistics", Role.LOGISTICS),
    ("purchasing", Role.PURCHASING),
    ("merchandiser", Role.MERCHANDISER),
)


@dataclass
class Staff:
    """Who works here, as the rest of the demo needs it."""

    managers: list[User] = field(default_factory=list)
    sector_heads: list[User] = field(default_factory=list)
    department_heads: list[User] = field(default_factory=list)
    by_login: dict[str, User] = field(default_factory=dict)

    def head_of(self, manager: User) -> User:
        """The department head above a manager's sector."""
        path = manager.org_unit.path if manager.org_unit else ""
        return next(
            h for h in self.department_heads if h.org_unit and path.startswith(h.org_unit.path)
        )


def person_name(random: Random, *, female: bool | None = None) -> tuple[str, str, str]:
    """Surname, name and patronymic that agree in gender."""
    woman = random.random() < 0.55 if female is None else female
    surname = random.choice(words.SURNAMES)
    father = words.PATRONYMICS[random.choice(words.FATHERS)]
    if woman:
        return surname + "а", random.choice(words.FEMALE), father[1]
    return surname, random.choice(words.MALE), father[0]


def phone_number(random: Random) -> str:
    """A mobile number of a range that is given to nobody."""
    return f"+7900{random.randrange(1_000_000, 9_999_999)}"


def create_staff(scale: Scale, random: Random) -> Staff:
    """Company, departments, sectors, their heads and managers, and the functional people."""
    staff = Staff()
    hasher = make_password(PASSWORD)
    company = _unit(words.COMPANY, OrgUnitKind.COMPANY, None)
    for login, role in LOGINS[4:]:
        _person(staff, random, role, company, login=login, password=hasher)
    for login, role in OTHERS:
        _person(staff, random, role, company, login=login, password=hasher)
    OrgUnit.objects.filter(pk=company.pk).update(head=staff.by_login["director"])
    for number in range(scale.departments):
        _department(staff, scale, random, company, number, hasher)
    return staff


def _department(
    staff: Staff, scale: Scale, random: Random, company: OrgUnit, number: int, password: str
) -> None:
    name = words.DEPARTMENTS[number % len(words.DEPARTMENTS)]
    unit = _unit(name, OrgUnitKind.DEPARTMENT, company)
    login = "head" if number == 0 else f"head{number + 1}"
    head = _person(staff, random, Role.DEPARTMENT_HEAD, unit, login=login, password=password)
    staff.department_heads.append(head)
    OrgUnit.objects.filter(pk=unit.pk).update(head=head)
    for index in range(scale.sectors):
        sector = _unit(
            words.SECTORS[index], OrgUnitKind.SECTOR, unit, territory=words.TERRITORIES[index]
        )
        login = "sector" if number == index == 0 else f"sector{number + 1}_{index + 1}"
        chief = _person(staff, random, Role.SECTOR_HEAD, sector, login=login, password=password)
        staff.sector_heads.append(chief)
        OrgUnit.objects.filter(pk=sector.pk).update(head=chief)
        for place in range(scale.managers):
            first = number == index == 0 and place < 2
            login = (
                ("manager", "manager2")[place]
                if first
                else (f"m{number + 1}{index + 1}{place + 1:02d}")
            )
            staff.managers.append(
                _person(staff, random, Role.MANAGER, sector, login=login, password=password)
            )


def _unit(name: str, kind: str, parent: OrgUnit | None, territory: str = "") -> OrgUnit:
    unit = OrgUnit.objects.create(
        name=name, kind=kind, parent=parent, territory=territory, sort_key=sort_key(name)
    )
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    return unit


def _person(
    staff: Staff, random: Random, role: str, unit: OrgUnit, *, login: str, password: str = UNUSABLE
) -> User:
    last, first, middle = person_name(random)
    known = dict((*LOGINS, *OTHERS))
    user = User.objects.create(
        username=login,
        email=f"{login}@klientura.example",
        last_name=last,
        first_name=first,
        middle_name=middle,
        sort_key=sort_key(f"{last} {first} {middle}"),
        role=role,
        org_unit=unit,
        position=TITLES[Role(role)],
        phone=phone_number(random),
        password=password if login in known else UNUSABLE,
        is_staff=role == Role.ADMIN,
        is_demo=login in known,
    )
    staff.by_login[login] = user
    return user
