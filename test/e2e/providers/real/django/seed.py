# Makes the database, the people and the app.
import django
from django.conf import settings

django.setup()

from django.contrib.auth.models import User  # noqa: E402: models need the set-up
from django.core.management import call_command  # noqa: E402
from oauth2_provider.models import Application  # noqa: E402

project = settings.PROJECT
call_command("migrate", verbosity=0)
for person in project["people"]:
    User.objects.create_user(
        username=person["username"],
        password=person["password"],
        email=person["email"],
        first_name=person["givenName"],
        last_name=person["familyName"],
    )
Application.objects.create(
    client_id=project["clientId"],
    name="Pennyworth Payments",
    client_type=Application.CLIENT_PUBLIC,
    authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
    redirect_uris=f"{project['app']}/auth/callback.html",
    algorithm=Application.RS256_ALGORITHM,
    skip_authorization=True,
)
