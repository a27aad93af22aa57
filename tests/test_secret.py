"""Secrets: read from the environment or from a file that is safe, and from nowhere else."""

import os
from pathlib import Path

import pytest

from kpi_tracker.language import language
from kpi_tracker.secret import NoSecretError, Secret, censored

VALUE = "s3cret-value"


def reason(secret: Secret, environ: dict[str, str] | None = None) -> str:
    """Return why a secret cannot be read."""
    with pytest.raises(NoSecretError) as caught:
        secret.read(environ or {})
    assert VALUE not in f"{caught.value!r} {caught.value} {caught.value.__cause__} {caught.value.__context__!r}"
    return language("en").phrase(caught.value.phrase)


def test_a_variable_is_read() -> None:
    """Blanks and line ends around it do not belong to it."""
    assert Secret("NAME").read({"NAME": f" {VALUE}\n"}) == VALUE


@pytest.mark.parametrize("environ", [{}, {"NAME": ""}, {"NAME": " "}])
def test_a_variable_that_is_not_set_is_named(environ: dict[str, str]) -> None:
    """An empty one is none."""
    assert reason(Secret("NAME"), environ) == "the environment variable NAME is not set"


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_a_file_of_our_own_is_read(tmp_path: Path, mode: int) -> None:
    """Only its owner may read it."""
    file = tmp_path / "secret"
    file.write_text(VALUE + "\n", "utf-8")
    file.chmod(mode)
    assert Secret(file=str(file)).read({}) == VALUE


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o660, 0o610])
def test_a_file_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    """What others may write they could replace."""
    file = tmp_path / "secret"
    file.write_text(VALUE, "utf-8")
    file.chmod(mode)
    assert reason(Secret(file=str(file))).endswith("others may read it; make it yours alone: chmod 600")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_a_file_of_another_user_is_refused(tmp_path: Path) -> None:
    """Whoever owns it can change it."""
    file = tmp_path / "secret"
    file.write_text(VALUE, "utf-8")
    file.chmod(0o600)
    os.chown(file, 12345, 12345)
    assert "others may read it" in reason(Secret(file=str(file)))


def test_what_is_no_file_of_text_is_refused(tmp_path: Path) -> None:
    """A missing file, a folder, a pipe that would block, bytes, nothing, and far too much."""
    assert reason(Secret(file=str(tmp_path / "none"))).endswith("No such file or directory")
    assert reason(Secret(file="a\0b")).endswith("ValueError")
    tmp_path.chmod(0o700)
    assert reason(Secret(file=str(tmp_path))).endswith("it is not a regular file")
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert reason(Secret(file=str(tmp_path / "pipe"))).endswith("it is not a regular file")
    for name, data in (("bytes", b"\xff\xfe"), ("empty", b" \n"), ("long", VALUE.encode() * 2000)):
        (tmp_path / name).write_bytes(data)
        (tmp_path / name).chmod(0o600)
        assert reason(Secret(file=str(tmp_path / name))).endswith("it does not hold a line of text")


def test_secrets_and_their_parts_are_taken_out_of_texts() -> None:
    """A server that says a token back does not get it printed; host and short words stay."""
    url = "https://oapi.example.org/robot/send?access_token=abc%20def123&x=1"
    said = f"bad token abc def123 / abc%20def123 for {url} key K at oapi.example.org robot access_token"
    assert censored(said, url, "K") == "bad token *** / *** for *** key *** at oapi.example.org robot access_token"
    assert censored("nothing", "", "") == "nothing"
