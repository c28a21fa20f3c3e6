"""Addresses of the workbench, cases, tasks and messages, under /desk/."""

from django.urls import path

from derman.desk.case import action_page, cases, macro_page, presence, print_page, task_page, undo
from derman.desk.learning import compliance_page
from derman.desk.lists import tasks, workbench
from derman.desk.owed import action_list, messages_page
from derman.desk.verbs import attachments

CASE = "cases/<str:number>/"
TASK = CASE + "tasks/<uuid:task_id>/"
ACTION = CASE + "actions/<uuid:action_id>/"

urlpatterns = [
    path("", workbench.workbench, name="workbench"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("compliance/", compliance_page.compliance, name="compliance"),
    path("actions/", action_list.actions, name="all_actions"),
    path("tasks/count/", tasks.tasks_count, name="tasks_count"),
    path("messages/", messages_page.messages, name="messages"),
    path("messages/<uuid:message_id>/retry/", messages_page.retry, name="message_retry"),
    path("messages/<uuid:message_id>/cancellation/", messages_page.cancel, name="message_cancel"),
    path(CASE, cases.case, name="case"),
    path(CASE + "print/", print_page.printed, name="print"),
    path(CASE + "macros/<slug:key>/", macro_page.macro, name="macro"),
    path(CASE + "presence/", presence.presence, name="presence"),
    path(CASE + "messages/", messages_page.of_case, name="case_messages"),
    path(CASE + "attachments/<uuid:file_id>/", attachments.download, name="attachment"),
    path(CASE + "replies/<uuid:reply_id>/undo/", undo.undo, name="undo"),
    path(TASK, task_page.task, name="task"),
    *(
        path(f"{TASK}{noun}/", view, name=f"task_{noun}")
        for noun, view in task_page.TASK_VIEWS.items()
    ),
    path(ACTION, action_page.action, name="action"),
    *(
        path(f"{ACTION}{noun}/", view, name=f"action_{noun}")
        for noun, view in action_page.ACTION_VIEWS.items()
    ),
    *(path(f"{CASE}{noun}/", view, name=noun) for noun, view in cases.VERB_VIEWS.items()),
]
