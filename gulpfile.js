const { dest, src, task } = require('gulp');

// tsc compiles the sources only: the icons have to be carried beside them.
task('build:icons', () =>
	src(['nodes/**/*.svg', 'credentials/**/*.svg'], { base: '.', encoding: false }).pipe(
		dest('dist'),
	),
);
