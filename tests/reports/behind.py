"""What stands behind the numbers of a page: each has an address, and there are hundreds of them."""

from functools import cache
from urllib.parse import urlsplit

from django.test import RequestFactory
from django.urls import resolve

from reports import registry
from reports.pages.report import ReportPage
from tests.cast import fresh, signed_in


class Behind:
    """The pages of reports at addresses, each as the view makes it for this person.

    The first page of each report is asked for by the browser and drawn; of the others only rights,
    parameters and rows: drawing one list a hundred times proves no more than drawing it once. The
    same address is asked once.
    """

    def __init__(self, person):
        self.person, self.http, self._drawn = fresh(person), signed_in(person), set()
        self.page = cache(self._page)

    def _page(self, url):
        """The page at the address, its parameters accepted."""
        found = resolve(urlsplit(url).path)
        assert found.view_name == "reports:report", url
        name = found.kwargs["name"]
        if name not in self._drawn:
            self._drawn.add(name)
            answer = self.http.get(url)
            assert answer.status_code == 200, url
            return answer.context["page"]
        request = RequestFactory().get(url)
        request.user = self.person
        page = ReportPage(registry.get(name), request)
        assert not page.refused, url
        return page

    def result(self, url):
        """The rows at the address, with their totals."""
        return self.page(url).result
