"""The category finder: one question per page, answers in the session, no account needed."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from competencies import finder
from competencies.finder_words import WORDS
from competencies.forms.finder import QuestionForm
from competencies.queries import finder as pages

KEYS = tuple(finder.QUESTIONS)


def _given(request: HttpRequest) -> dict[str, str]:
    """The answers so far; what is no longer a choice is forgotten."""
    return finder.given(request.session.get(finder.SESSION_KEY, {}))


def _next(given: dict[str, str]) -> HttpResponse:
    """The first question without an answer, else the result."""
    for number, key in enumerate(KEYS, start=1):
        if key not in given:
            return redirect("finder:question", number)
    return redirect("finder:result")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """GET goes on where one was; POST starts over."""
    if request.method == "POST":
        request.session.pop(finder.SESSION_KEY, None)
        return redirect("finder:question", 1)
    return _next(_given(request))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, number: int) -> HttpResponse:
    if not 1 <= number <= len(KEYS):
        raise Http404
    key = KEYS[number - 1]
    given = _given(request)
    form = QuestionForm(request.POST or None, key=key, initial={"answer": given.get(key, "")})
    if request.method == "POST" and form.is_valid():
        request.session[finder.SESSION_KEY] = given = {**given, key: form.cleaned_data["answer"]}
        return _next(given)
    context = {"form": form, "words": WORDS[key], "number": number, "count": len(KEYS), "previous": number - 1}
    return render(request, "finder/question.html", {**context, "complete": len(given) == len(KEYS), "nav": "find"})


@login_not_required
@require_safe
def result(request: HttpRequest) -> HttpResponse:
    given = _given(request)
    if len(given) < len(KEYS):
        return _next(given)
    answers = finder.Answers(**{key: finder.QUESTIONS[key](value) for key, value in given.items()})  # type: ignore[arg-type]
    licenses = pages.shown(answers, timezone.localdate())
    context = {"licenses": licenses, "answers": pages.shown_answers(answers), "last": len(KEYS), "nav": "find"}
    return render(request, "finder/result.html", context)
