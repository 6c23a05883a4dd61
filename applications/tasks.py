"""Background work of the journey: names and ids only. The rows are the truth, a task is a nudge."""

from __future__ import annotations

from celery import shared_task

from applications.actions import packets, recounts, reminders, rule_change_jobs


@shared_task(name="applications.build_packet", ignore_result=True)
def build_packet(packet_uuid: str) -> None:
    packets.build(packet_uuid=packet_uuid)


@shared_task(name="applications.build_pending_packets", ignore_result=True)
def build_pending_packets() -> None:
    packets.build_pending()


@shared_task(name="applications.plan_reminders", ignore_result=True)
def plan_reminders() -> None:
    reminders.plan()


@shared_task(name="applications.tell_recounts", ignore_result=True)
def tell_recounts() -> None:
    recounts.tell_pending()


@shared_task(name="applications.work_on_rule_changes", ignore_result=True)
def work_on_rule_changes() -> None:
    rule_change_jobs.work_on_pending()
