from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from oauth2_provider.exceptions import OAuthToolkitError
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.views import AuthorizationView
from oauthlib.openid.connect.core.exceptions import LoginRequired


class Validator(OAuth2Validator):
    """Adds names to ID Tokens, as the toolkit's documentation shows."""

    def get_additional_claims(self):
        return {
            "name": lambda request: request.user.get_full_name(),
            "given_name": lambda request: request.user.first_name,
            "family_name": lambda request: request.user.last_name,
            "preferred_username": lambda request: request.user.username,
            "email": lambda request: request.user.email,
        }


class SilentValidator(Validator):
    """Lets `prompt=none` through. The view below has seen to it that the person is signed in."""

    def validate_silent_login(self, request):
        return True

    def validate_silent_authorization(self, request):
        return request.client.skip_authorization


class PromptView(AuthorizationView):
    """Knows `prompt=login` and `prompt=none`, which version 1.7 of the toolkit does not."""

    validator_class = SilentValidator

    def dispatch(self, request, *args, **kwargs):
        parameters = request.GET.dict()
        if parameters.get("prompt") != "login":
            return super().dispatch(request, *args, **kwargs)
        # Without its prompt, the same request is answered after the login, as later versions of the toolkit have it.
        del parameters["prompt"]
        return redirect_to_login(f"{request.path}?{urlencode(parameters)}", settings.LOGIN_URL)

    def handle_no_permission(self):
        if self.request.GET.get("prompt") != "none":
            return super().handle_no_permission()
        try:
            _, credentials = self.validate_authorization_request(self.request)
            refusal = LoginRequired(state=credentials["state"])
            raise OAuthToolkitError(error=refusal, redirect_uri=credentials["redirect_uri"])
        except OAuthToolkitError as error:
            return self.error_response(error, application=None)
