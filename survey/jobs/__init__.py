"""Long work: rows of the `job` table, and the workers that take them up one by one."""
