"""The sentences that handlers say (zh-CN), by subject; headings and labels stand in the templates."""
