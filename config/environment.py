"""Reading the environment: every setting comes through here, and a malformed one stops the boot."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("DEALWRIGHT_VAR", BASE_DIR / "var"))
env = environ.Env()


def load_dotenv() -> None:
    """Read `.env` beside manage.py; a line that is not NAME=value is refused by number."""
    path = Path(os.environ.get("DEALWRIGHT_ENV", BASE_DIR / ".env"))
    if not path.exists():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = line.strip()
        name = text.removeprefix("export ").split("=", 1)[0].strip()
        if text and not text.startswith("#") and ("=" not in text or not name.isidentifier()):
            raise ImproperlyConfigured(
                f".env line {number} is not NAME=value; mend or delete it: {name[:40]!r}"
            )
    env.read_env(str(path), overwrite=False)


def flag(name: str, default: bool) -> bool:
    raw = env.str(name, default="true" if default else "false").strip().lower()
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {raw!r}.")


def number(name: str, default: int, *, least: int, most: int) -> int:
    raw = env.str(name, default=str(default)).strip()
    if not raw.lstrip("-").isdigit() or not least <= int(raw) <= most:
        raise ImproperlyConfigured(
            f"{name} must be a whole number from {least} to {most}, not {raw!r}."
        )
    return int(raw)


def redis_url() -> str:
    """The Redis address, or an empty string for embedded mode."""
    url = env.str("REDIS_URL", default="").strip()
    if url and urlsplit(url).scheme not in {"redis", "rediss"}:
        raise ImproperlyConfigured("REDIS_URL must start with redis:// or rediss://.")
    return url


def mail() -> dict[str, object]:
    """Django's EMAIL_… settings from EMAIL_URL (default: printed on the terminal)."""
    url = env.str("EMAIL_URL", default="").strip() or "consolemail://"
    if urlsplit(url).scheme not in env.EMAIL_SCHEMES:
        raise ImproperlyConfigured("EMAIL_URL must start with smtp://, smtp+tls:// or smtp+ssl://.")
    return dict(env.email_url_config(url))


def database() -> dict[str, object]:
    """Django's DATABASES entry from DATABASE_URL (default: SQLite under var/)."""
    url = env.str("DATABASE_URL", default="sqlite").strip()
    if url in {"", "sqlite"}:
        url = f"sqlite:///{VAR_DIR / 'dealwright.sqlite3'}"
    scheme = urlsplit(url).scheme
    suffix = env.str("TEST_DB_SUFFIX", default="")
    if scheme == "sqlite":
        return _sqlite(url.removeprefix("sqlite:///"), suffix)
    if scheme in {"postgres", "postgresql"}:
        return _postgres(url, suffix)
    raise ImproperlyConfigured(
        "DATABASE_URL must start with sqlite:/// or postgres://; unset it for SQLite."
    )


def _sqlite(path: str, suffix: str) -> dict[str, object]:
    # IMMEDIATE takes the write lock at BEGIN: two writers then queue (busy timeout) instead of
    # failing half-way with "database is locked" when a read transaction tries to write.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
                "PRAGMA foreign_keys=ON;PRAGMA cache_size=-20000;"
            ),
        },
        "TEST": {"NAME": str(VAR_DIR / f"test{suffix}.sqlite3")},
    }


def _postgres(url: str, suffix: str) -> dict[str, object]:
    try:
        entry = dict(environ.Env.db_url_config(url))
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {error}") from error
    entry["ENGINE"] = "django.db.backends.postgresql"
    entry["CONN_MAX_AGE"] = 60
    entry["CONN_HEALTH_CHECKS"] = True
    entry["OPTIONS"] = {
        "options": "-c statement_timeout=60000 -c lock_timeout=5000 "
        "-c idle_in_transaction_session_timeout=30000"
    }
    entry["TEST"] = {"NAME": f"test_dealwright{suffix}"}
    return entry


def secret_key(*, is_served: bool) -> str:
    """SECRET_KEY from the environment; embedded mode keeps a random one in var/secret_key.

    Raises ImproperlyConfigured in served form, where several machines must share one key.
    """
    key = env.str("SECRET_KEY", default="")
    if key:
        return key
    if is_served:
        raise ImproperlyConfigured("Set SECRET_KEY: served mode needs one key for all machines.")
    path = VAR_DIR / "secret_key"
    if not path.exists():
        import secrets

        VAR_DIR.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}")
        partial.touch(mode=0o600)
        partial.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            os.link(partial, path)
        except FileExistsError:
            pass  # another process was first: its key is the one to keep
        finally:
            partial.unlink()
    return path.read_text(encoding="ascii").strip()
