const { triggerProperties } = require('../../dist/nodes/Procore/descriptions/trigger.js');
const { EmptyTrigger } = require('./EmptyTrigger.node.js');

/** EmptyTrigger with the parameters of this package's trigger: n8n walks through their definitions for each request. */
class ParametersTrigger extends EmptyTrigger {
	constructor() {
		super();
		Object.assign(this.description, {
			displayName: 'Parameters Trigger',
			name: 'parametersTrigger',
			defaults: { name: 'Parameters Trigger' },
			properties: triggerProperties,
		});
	}
}

module.exports = { ParametersTrigger };
