import { decisionScenarios } from './manager/decisionScenarios';
import { liveScenarios } from './manager/liveScenarios';
import { openScenarios } from './manager/openScenarios';
import { textScenarios } from './manager/textScenarios';
import { Stage } from './operations/stage';
import { usePerson } from './person';
import { useServer } from './server';
import { addFirstServer } from './steps';

describe('snapshot manager', () => {
  const person = usePerson();
  const server = useServer();
  let stage: Stage | undefined;

  before(async () => {
    stage = new Stage(server(), person());
    stage.begin('snapshot manager');
    await addFirstServer(person().workbench, server());
  });

  const theStage = (): Stage => {
    if (stage === undefined) {
      throw new Error('There is a stage only while the tests run.');
    }
    return stage;
  };
  openScenarios(theStage);
  textScenarios(theStage);
  decisionScenarios(theStage);
  liveScenarios(theStage);
});
