"""Files that go with an e-mail: the letter that names bodies outside (row G19).

A message keeps none of its own; the event it speaks of says which file of the case belongs to it.
"""

import logging
from uuid import UUID

from derman.cases import files
from derman.cases.models import Attachment
from derman.lib.sealedfiles import Damaged
from derman.outbox.models import Message
from derman.outbox.transports import Enclosure

log = logging.getLogger("derman.outbox")


def enclosed(message: Message) -> tuple[Enclosure, ...]:
    """What is attached to this message; a file that cannot be read keeps no mail from leaving."""
    key = message.event.details.get("letter") if message.event else None
    if message.channel != "email" or not key:
        return ()
    found = Attachment.objects.filter(pk=UUID(key), case=message.case_id).first()
    if found is None:
        return ()
    try:
        with files.open_file(found.pk) as file:
            return (Enclosure(found.name, found.mime, file.read()),)
    except (FileNotFoundError, Damaged):
        log.exception("The file %s cannot be read; its mail goes without it", found.pk)
        return ()
