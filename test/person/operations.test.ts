import { deleteScenarios } from './operations/deleteScenarios';
import { operationsSuite } from './operations/operationRows';
import { restoreScenarios } from './operations/restoreScenarios';
import { Stage } from './operations/stage';
import { takeScenarios } from './operations/takeScenarios';
import { taskScenarios } from './operations/taskScenarios';
import { usePerson } from './person';
import { serverKind, useServer } from './server';
import { addFirstServer } from './steps';

describe(operationsSuite, () => {
  const person = usePerson();
  const server = useServer();
  let stage: Stage | undefined;

  before(async () => {
    stage = new Stage(server(), person());
    await addFirstServer(person().workbench, server());
  });

  const theStage = (): Stage => {
    if (stage === undefined) {
      throw new Error('There is a stage only while the tests run.');
    }
    return stage;
  };
  const kind = serverKind();
  takeScenarios(kind, theStage);
  restoreScenarios(kind, theStage);
  deleteScenarios(kind, theStage);
  taskScenarios(kind, theStage);
});
