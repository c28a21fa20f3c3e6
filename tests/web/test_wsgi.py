"""What the web server loads."""

from derman import wsgi


def test_an_answer_names_the_product_and_not_the_server(monkeypatch):
    def django(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [environ["PATH_INFO"].encode()]

    said = []
    monkeypatch.setattr(wsgi, "_django", django)
    body = wsgi.application({"PATH_INFO": "/healthz"}, lambda *given: said.append(given))

    assert body == [b"/healthz"]
    assert said == [("200 OK", [("Content-Type", "text/plain"), ("Server", "Derman")])]
