# A Django project that is an OpenID Provider by django-oauth-toolkit. What differs between two runs is in a file.
import json
from pathlib import Path

directory = Path.cwd()
PROJECT = json.loads((directory / "project.json").read_text())

SECRET_KEY = "for tests only"
ALLOWED_HOSTS = ["localhost"]
ROOT_URLCONF = "urls"
LOGIN_URL = "/login/"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": directory / "django.db"}}
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "corsheaders",
    "oauth2_provider",
]
MIDDLEWARE = [
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
    }
]
CORS_ALLOWED_ORIGINS = [PROJECT["app"]]
OAUTH2_PROVIDER = {
    "OIDC_ENABLED": True,
    "OIDC_ISS_ENDPOINT": PROJECT["issuer"],
    "OIDC_RSA_PRIVATE_KEY": PROJECT["key"],
    "OAUTH2_VALIDATOR_CLASS": "views.Validator",
    "OAUTH2_SERVER_CLASS": "servers.RefreshingServer" if PROJECT["refreshesIdTokens"] else "oauthlib.openid.Server",
    "PKCE_REQUIRED": True,
    "ACCESS_TOKEN_EXPIRE_SECONDS": 300,
    "SCOPES": {"openid": "Who you are", "profile": "Your name", "email": "Your e-mail address"},
}
