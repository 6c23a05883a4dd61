"""The door of every staff page: one association, named in the address, and a role in it. Otherwise there is no page."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from coordination.queries.desk import Desk, desk_for
from members.enums import Role
from members.models import Association, User

Rest = ParamSpec("Rest")


class StaffRequest(HttpRequest):
    """A request whose sender is signed in: the middleware has seen to it."""

    user: User
    desk: Desk
    """Set by `staff_page`: the shell shows the places that this person may open."""


StaffView = Callable[Concatenate[StaffRequest, Association, Rest], HttpResponseBase]


def staff_page(*roles: Role) -> Callable[[StaffView[Rest]], Callable[..., HttpResponseBase]]:
    """Give the view the association of its address, or answer 404: to outsiders a desk does not exist."""
    allowed = set(roles or (Role.COORDINATOR,))

    def wrap(view: StaffView[Rest]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(
            request: StaffRequest, association: str, *args: Rest.args, **kwargs: Rest.kwargs
        ) -> HttpResponseBase:
            desk = desk_for(request.user, slug=association)
            if desk is None or not desk.roles & allowed:
                raise Http404
            request.desk, request.user = desk, desk.user
            return view(request, desk.association, *args, **kwargs)

        return guarded

    return wrap
