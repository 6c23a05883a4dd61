"""docker-compose.yml: small, and its commands are those that are run here."""

import json
import re

import yaml
from jsonschema import Draft7Validator

from tests.house.tree import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = {"migrate", "web", "worker", "beat", "proxy", "postgres", "redis", "mail"}


def _command(name: str) -> str:
    command = COMPOSE["services"][name].get("command", [])
    return command if isinstance(command, str) else " ".join(command)


def test_compose_has_the_services_of_production():
    assert set(COMPOSE["services"]) == SERVICES


def test_every_dependency_and_volume_exists():
    for name, service in COMPOSE["services"].items():
        depends = service.get("depends_on", {})
        assert set(depends) <= SERVICES, name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source.startswith("./") or source in COMPOSE["volumes"], f"{name}: {volume}"
            if source.startswith("./"):
                assert (ROOT / source).exists()


def test_only_the_proxy_and_the_mail_page_are_reachable():
    open_ports = {name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service}
    assert open_ports == {"proxy": ["80:80", "443:443"], "mail": ["127.0.0.1:8025:8025"]}


def test_worker_and_beat_run_the_commands_of_the_supervisor():
    from endorsement_portal.web.management.commands.supervise import children

    here = {child.name: " ".join(child.command) for child in children(port=8000, var_dir=ROOT)}
    for name in ("worker", "beat"):
        verb = re.search(r"-A endorsement_portal \w+", _command(name))
        assert verb is not None
        assert verb.group() in here[name]


def test_the_image_runs_as_an_ordinary_user_on_the_pinned_packages():
    image = (ROOT / "Dockerfile").read_text()
    assert "USER portal" in image
    assert "pip install --no-cache-dir -r requirements.txt" in image


def test_every_variable_of_production_is_in_the_example():
    names = set(
        re.findall(r'_read\.\w+\("([A-Z_]+)"', (ROOT / "endorsement_portal/settings/environment.py").read_text())
    )
    example = set(re.findall(r"^([A-Z_]+)=", (ROOT / "deploy/example.env").read_text(), re.MULTILINE))
    assert names - example == {"SECRET_KEY_FALLBACKS", "VAR_DIR"}


def test_compose_keeps_the_compose_specification():
    """The specification's own schema (Apache 2.0), as docker-compose 1.29.2 ships it."""
    schema = json.loads((ROOT / "tests" / "house" / "vendor" / "compose-spec.json").read_text())
    plain = {key: value for key, value in COMPOSE.items() if not key.startswith("x-")}
    faults = [fault.message for fault in Draft7Validator(schema).iter_errors(plain)]
    assert faults == []
