"""Contacts in a database, found with the user's own query: SQLite, PostgreSQL, MySQL and MariaDB."""
