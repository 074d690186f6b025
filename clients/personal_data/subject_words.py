"""What stands in the data of destroyed people and in numbers of requests and acts."""

REQUEST_PREFIX, ACT_PREFIX = "ПД", "АУ"
ANONYMISED = "Контакт №{pk} (обезличен)"
