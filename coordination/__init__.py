"""Coordination: the staff's desk over all of it. Queues, boards, reports; imported by nobody.

Owns: the dashboard at /admin/, its page-shaped reads, Django's own model admin at /admin/records/.
May import: every floor below.
Refuses to know: nothing below; but it writes only through the actions of those floors.
"""
