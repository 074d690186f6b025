"""Every write of imports."""

from crm.imports.actions.direct import ImportDone, import_file
from crm.imports.actions.dropfolder import pick_up_files
from crm.imports.actions.jobs import (
    apply_import,
    ask_undo,
    cancel_import,
    check_columns,
    clean_name,
    forget_old_files,
    queue_import,
    upload_import,
)
from crm.imports.actions.work import perform, run_waiting_imports

__all__ = [
    "ImportDone",
    "apply_import",
    "ask_undo",
    "cancel_import",
    "check_columns",
    "clean_name",
    "forget_old_files",
    "import_file",
    "perform",
    "pick_up_files",
    "queue_import",
    "run_waiting_imports",
    "upload_import",
]
