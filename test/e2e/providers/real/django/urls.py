from django.conf import settings
from django.contrib.auth.views import LoginView
from django.urls import include, path
from oauth2_provider.views import ConnectDiscoveryInfoView
from views import PromptView

knows_prompts = [path("o/authorize/", PromptView.as_view())] if settings.PROJECT["knowsPrompts"] else []

urlpatterns = [
    path("login/", LoginView.as_view(template_name="login.html")),
    # The toolkit has it with a slash at its end only, and redirects there, where no guard follows.
    path("o/.well-known/openid-configuration", ConnectDiscoveryInfoView.as_view()),
    *knows_prompts,
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
]
