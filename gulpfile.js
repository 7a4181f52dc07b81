const { dest, src, task } = require('gulp');

// tsc only compiles the sources, so the icons must be copied.
task('build:icons', () =>
	src(['nodes/**/*.svg', 'credentials/**/*.svg'], { base: '.', encoding: false }).pipe(
		dest('dist'),
	),
);
