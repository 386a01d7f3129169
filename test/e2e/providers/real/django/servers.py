from oauthlib.openid import Server
from oauthlib.openid.connect.core.grant_types import RefreshTokenGrant


class RefreshingServer(Server):
    """Gives a new ID Token with each refresh, as oauthlib does from version 3.3."""

    def __init__(self, request_validator, *args, **kwargs):
        super().__init__(request_validator, *args, **kwargs)
        self._grant_types["refresh_token"] = RefreshTokenGrant(request_validator)
