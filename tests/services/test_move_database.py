"""From SQLite to a real PostgreSQL, as an operator does it: copied, compared, gone on with."""

from derman.bench import cluster
from tests.installation import command


def test_an_installation_goes_on_on_postgresql(tmp_path):
    assert command(tmp_path, 1, "init").returncode == 0
    command(tmp_path, 1, "token", "add", "crm", "--role", "admin")
    table = tmp_path / "customers.csv"
    table.write_text("reference;name;phone;account_number\nM-1;Işıl Öğütçü;05321234567;10442816\n")
    assert command(tmp_path, 1, "import", "customers", str(table)).returncode == 0

    with cluster.start() as url:
        moved = command(tmp_path, 1, "move-database", url)
        assert moved.returncode == 0, moved.stderr

        on = {"DERMAN_DATABASE_URL": url}
        assert "crm" in command(tmp_path, 1, "token", "list", **on).stdout
        again = command(tmp_path, 1, "import", "customers", str(table), **on)
        assert "1 known already" in again.stdout, again.stderr
        assert command(tmp_path, 1, "token", "add", "app", "--role", "agent", **on).returncode == 0

        full = command(tmp_path, 1, "move-database", url)
        assert (full.returncode, "in use" in full.stderr) == (1, True)

        backup = tmp_path / "backup.tar"
        assert command(tmp_path, 1, "backup", str(backup), **on).returncode == 0

    home = tmp_path / "home"
    home.mkdir()
    keys = str(tmp_path / "data" / "keys.json")
    assert command(home, 1, "restore", str(backup), "--keys", keys).returncode == 0
    assert "app" in command(home, 1, "token", "list").stdout
