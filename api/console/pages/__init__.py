"""The handlers of the pages, one module for each subject: they call a service and name a template."""
