// Loaded into servers with --require: exits when the process that started them is gone, even if it was killed.
process.on('disconnect', () => {
	process.kill(process.pid, 'SIGTERM');
	setTimeout(() => process.exit(1), 5_000).unref();
});
process.channel?.unref();
