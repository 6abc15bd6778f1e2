// Preloaded into processes that scripts start: they end with the script, even when that was killed.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
