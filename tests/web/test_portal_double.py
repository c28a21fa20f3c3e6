"""Two requests at the same time with the same report."""

import re
import threading

import pytest
from django.db import connection

from derman.cases.models import Case
from tests.applicants import Applicant
from tests.factories import published


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_make_one_case():
    published()
    applicant = Applicant()
    applicant.walk()
    nonce = re.search(r'name="nonce" value="(\w+)"', applicant.text)[1]
    cookies = {name: morsel.value for name, morsel in applicant.client.cookies.items()}
    gate = threading.Barrier(2)
    answers = []

    def press():
        twin = Applicant()
        twin.client.cookies.load(cookies)
        form = {"nonce": nonce, "csrfmiddlewaretoken": cookies["csrftoken"]}
        gate.wait()
        try:
            answers.append(twin.client.post("/report/check/", form)["Location"])
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == ["/report/done/"] * 2
    assert Case.objects.count() == 1
    applicant.get("/report/done/")
    assert applicant.receipt()[0] == Case.objects.get().number
